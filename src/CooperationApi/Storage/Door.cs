using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>What one write transaction does with each receipt: the number, the record, its derived rows, its references, the change.</summary>
internal sealed class Door(DbConnection connection, Mark before, string actor, string at)
{
    private long last = before.Revision;
    private readonly HashSet<string> openTypes = [];
    private readonly SearchIndex search = new(connection);
    private int created, replaced, unchanged;

    public async Task Admit(Changed changed)
    {
        var standing = await connection.QuerySingleOrDefaultAsync<(long Revision, string Body)?>(
            "SELECT revision, body FROM record WHERE type = @Type AND id = @Id", changed);
        if (standing is { } same && changed.Body(same.Revision) == same.Body)
        {
            unchanged++;
            return;
        }
        if (standing is null)
            created++;
        else
            replaced++;
        var body = changed.Body(last + 1);
        var row = new
        {
            Revision = ++last,
            before.Epoch,
            Start = before.Revision + 1,
            changed.Type,
            changed.Id,
            Body = body,
            Hash = BodyHash.Of(body),
            At = at,
            Actor = actor,
        };
        await connection.ExecuteAsync(
            """
            INSERT INTO record (type, id, revision, changed_at, hash, body) VALUES (@Type, @Id, @Revision, @At, @Hash, @Body)
            ON CONFLICT (type, id) DO UPDATE
            SET revision = excluded.revision, changed_at = excluded.changed_at, hash = excluded.hash, body = excluded.body
            """, row);
        await connection.ExecuteAsync(
            """
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, body, at, actor)
            VALUES (@Revision, @Epoch, @Start, @Type, @Id, 'upsert', @Body, @At, @Actor)
            """, row);
        await Derive(changed, replacing: standing is not null);
        await search.Index(changed, replacing: standing is not null);
    }

    /// <summary>Checks that no record names one that isn't there, and moves the counter. The transaction can then be committed.</summary>
    public async Task<Written> Close()
    {
        if (last > before.Revision)
        {
            await ResolveReferences();
            await connection.ExecuteAsync("UPDATE feed SET head = @last", new { last });
        }
        return new(created, replaced, unchanged, new(before.Epoch, last));
    }

    /// <summary>Derives anew what is derived from records that stand as they are: after a migration that derives more.</summary>
    public async Task DeriveAnew(IAsyncEnumerable<Changed> standing)
    {
        await foreach (var changed in standing)
        {
            await Derive(changed, replacing: true);
            await search.Index(changed, replacing: true);
        }
        await ResolveReferences();
    }

    private async Task Derive(Changed changed, bool replacing)
    {
        if (replacing)
            await connection.ExecuteAsync("DELETE FROM reference WHERE type = @Type AND id = @Id", changed);
        foreach (var (table, columns, rows) in changed.Rows)
        {
            if (replacing)
                await connection.ExecuteAsync($"DELETE FROM {table} WHERE id = @Id", changed);
            foreach (var values in rows)
            {
                var parameters = new DynamicParameters();
                parameters.Add("id", changed.Id);
                for (var i = 0; i < columns.Count; i++)
                    parameters.Add(columns[i], values[i]);
                await connection.ExecuteAsync(
                    $"INSERT INTO {table} (id, {string.Join(", ", columns)}) VALUES (@id, {string.Join(", ", columns.Select(column => "@" + column))})",
                    parameters);
            }
        }
        openTypes.UnionWith(changed.References.Select(to => to.ToType).Where(type => type.Contains('|', StringComparison.Ordinal)));
        await connection.ExecuteAsync(
            """
            INSERT INTO reference (type, id, member, ordinal, to_type, to_id, basis, happened_on)
            VALUES (@Type, @Id, @Member, @Ordinal, @ToType, @ToId, @Basis, @HappenedOn)
            """,
            changed.References.Select(to => new { changed.Type, changed.Id, to.Member, to.Ordinal, to.ToType, to.ToId, to.Basis, changed.HappenedOn }));
    }

    private async Task ResolveReferences()
    {
        foreach (var open in openTypes)
        {
            var meant = open.Split('|').Select(type => $"EXISTS (SELECT 1 FROM record WHERE record.type = '{type}' AND record.id = reference.to_id)");
            var ambiguous = await connection.QueryAsync<Dangling>(
                $"SELECT type, id, member, ordinal, to_type, to_id FROM reference WHERE to_type = @open AND {string.Join(" AND ", meant)}", new { open });
            if (ambiguous.AsList() is { Count: > 0 } several)
                throw new DanglingReferencesException(several, areAmbiguous: true);
            foreach (var type in open.Split('|'))
            {
                await connection.ExecuteAsync(
                    """
                    UPDATE reference SET to_type = @type
                    WHERE to_type = @open AND EXISTS (SELECT 1 FROM record WHERE record.type = @type AND record.id = reference.to_id)
                    """, new { open, type });
            }
        }
        var dangling = await connection.QueryAsync<Dangling>(
            """
            SELECT reference.type, reference.id, reference.member, reference.ordinal, reference.to_type, reference.to_id
            FROM record
            JOIN reference ON reference.type = record.type AND reference.id = record.id
            LEFT JOIN record target ON target.type = reference.to_type AND target.id = reference.to_id
            WHERE record.revision > @Revision AND target.id IS NULL
            ORDER BY record.revision, reference.member, reference.ordinal
            """, before);
        if (dangling.AsList() is { Count: > 0 } nowhere)
            throw new DanglingReferencesException(nowhere);
    }
}
