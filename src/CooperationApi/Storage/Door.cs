using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>What one write transaction does with each receipt: the number, the record, its derived rows, whom it names, the change.</summary>
internal sealed class Door : IDisposable
{
    private readonly DbConnection connection;
    private readonly Mark before;
    private readonly string actor, at;
    private readonly Statements statements;
    private readonly Links links;
    private readonly SearchIndex search;
    private long last;
    private int created, replaced, unchanged;

    public Door(DbConnection connection, Mark before, string actor, string at)
    {
        (this.connection, this.before, this.actor, this.at, last) = (connection, before, actor, at, before.Revision);
        statements = new(connection);
        links = new(connection, statements);
        search = new(statements);
    }

    public void Admit(Changed changed)
    {
        var standing = statements.First("SELECT number, revision, body FROM record WHERE type = @type AND id = @id",
            row => new Standing(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), ("type", changed.Type), ("id", changed.Id));
        if (standing is not null && changed.Body(standing.Revision) == standing.Body)
        {
            unchanged++;
            return;
        }
        if (standing is null)
            created++;
        else
            replaced++;
        var body = changed.Body(++last);
        var number = standing?.Number ?? last;
        statements.Execute(
            """
            INSERT INTO record (number, type, id, revision, changed_at, hash, body) VALUES (@number, @type, @id, @revision, @at, @hash, @body)
            ON CONFLICT (number) DO UPDATE
            SET revision = excluded.revision, changed_at = excluded.changed_at, hash = excluded.hash, body = excluded.body
            """,
            ("number", number), ("type", changed.Type), ("id", changed.Id), ("revision", last), ("at", at), ("hash", BodyHash.Of(body)), ("body", body));
        statements.Execute(
            """
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, body, at, actor)
            VALUES (@revision, @epoch, @start, @type, @id, 'upsert', @body, @at, @actor)
            """,
            ("revision", last), ("epoch", before.Epoch), ("start", before.Revision + 1), ("type", changed.Type), ("id", changed.Id), ("body", body),
            ("at", at), ("actor", actor));
        Derive(number, changed, replacing: standing is not null);
    }

    /// <summary>Checks that no record names one that isn't there, and moves the counter. The transaction can then be committed.</summary>
    public async Task<Written> Close()
    {
        if (last > before.Revision)
        {
            await links.Close();
            await connection.ExecuteAsync("UPDATE feed SET head = @last", new { last });
        }
        return new(created, replaced, unchanged, new(before.Epoch, last));
    }

    /// <summary>Derives anew what is derived from records that stand as they are: after a migration that derives more.</summary>
    public async Task DeriveAnew(IAsyncEnumerable<(long Number, Changed Record)> standing)
    {
        await foreach (var (number, record) in standing)
            Derive(number, record, replacing: true);
        await links.Close();
    }

    public void Dispose() => statements.Dispose();

    private void Derive(long number, Changed changed, bool replacing)
    {
        foreach (var (table, columns, rows) in changed.Rows)
        {
            if (replacing)
                statements.Execute($"DELETE FROM {table} WHERE number = @number", ("number", number));
            var insert = $"INSERT INTO {table} (number, id, {string.Join(", ", columns)}) VALUES (@number, @id, {string.Join(", ", columns.Select(column => "@" + column))})";
            foreach (var values in rows)
                statements.Execute(insert, [("number", number), ("id", changed.Id), .. columns.Zip(values)]);
        }
        links.Keep(number, changed, replacing);
        search.Keep(number, changed, replacing);
    }

    private sealed record Standing(long Number, long Revision, string Body);
}
