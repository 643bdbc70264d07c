using System.Collections;
using System.Data.Common;
using System.Text;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>What one write transaction does with each receipt: the number, the record, its derived rows, whom it names, the change.</summary>
internal sealed class Door : IDisposable
{
    // A transaction that changes one record of so many changes a large part of them; one that makes so many, and doubles them, makes many.
    private const int LargePart = 10, Many = 15_000;

    private readonly DbConnection connection;
    private readonly string actor, at;
    private readonly Statements statements;
    private readonly Links links;
    private readonly SearchIndex search;
    private readonly Misfits misfits = new();
    private readonly Evidence evidence;
    private readonly Existence existence;
    private readonly ReadingIndexes indexes;
    private readonly BitArray left = new(0);
    private readonly Dictionary<string, string> inserts = new(StringComparer.Ordinal);
    private long last, lastNumber;
    private readonly List<(Removed Receipt, long Number)> removed = [];
    private int created, replaced, unchanged;
    private Standing? lastAdmitted;

    public Door(DbConnection connection, Mark before, string actor, string at)
    {
        (this.connection, Before, this.actor, this.at, last) = (connection, before, actor, at, before.Revision);
        statements = new(connection);
        existence = new(connection, statements, misfits);
        links = new(connection, statements, existence, misfits);
        evidence = new(statements, links, misfits);
        search = new(statements);
        indexes = new(connection);
        lastNumber = connection.QuerySingle<long>("SELECT coalesce(max(number), 0) FROM record");
    }

    /// <summary>The state that the transaction began with.</summary>
    public Mark Before { get; }

    /// <summary>The record as it stands; null if there is none.</summary>
    public Standing? Find(string type, string id) => statements.First("SELECT number, revision, body FROM record WHERE type = @type AND id = @id",
        row => new Standing(row.Number(0), row.Number(1), row.Text(2)), ("type", type), ("id", id));

    /// <summary>Carries a receipt out. What would leave a record as it stands takes no number. A transaction changes a record once.</summary>
    public void Admit(Receipt receipt)
    {
        var standing = Find(receipt.Type, receipt.Id);
        if (receipt is Changed changed)
            Put(changed, standing);
        else if ((Removed)receipt is var gone && (standing is not null || gone.IsRedaction))
            Remove(gone, standing?.Number);
    }

    private void Put(Changed changed, Standing? standing)
    {
        if (standing is not null && (standing.Revision > Before.Revision || IsLeft(standing.Number)))
        {
            misfits.Add(new("repeated_id", changed.Type, changed.Id, "id", changed.Id));
            return;
        }
        if (standing is not null && changed.Body.Text(standing.Revision) == standing.Body)
        {
            Leave(standing);
            return;
        }
        if (standing is null && statements.First("SELECT reason FROM change WHERE type = @type AND id = @id AND reason IN ('merged', 'redacted')",
            row => row.Text(0), ("type", changed.Type), ("id", changed.Id)) is { } reason)
        {
            misfits.Add(new("gone_for_good", changed.Type, changed.Id, "id", changed.Type, changed.Id, reason));
            return;
        }
        if (standing is null)
            created++;
        else
            replaced++;
        if (created >= Many && created >= lastNumber / 2)
            PutOff(beyond: lastNumber);
        var number = standing?.Number ?? ++lastNumber;
        var body = changed.Body.Bytes(++last);
        lastAdmitted = new(number, last, Encoding.UTF8.GetString(body));
        statements.Execute(
            """
            INSERT INTO record (number, type, id, revision, changed_at, hash, body) VALUES (@number, @type, @id, @revision, @at, @hash, @body)
            ON CONFLICT (number) DO UPDATE
            SET revision = excluded.revision, changed_at = excluded.changed_at, hash = excluded.hash, body = excluded.body
            """,
            ("number", number), ("type", changed.Type), ("id", changed.Id), ("revision", last), ("at", at), ("hash", BodyHash.Of(body)), ("body", body));
        PutDown(changed, body);
        Derive(number, changed, replacing: standing is not null);
        evidence.Check(number, changed);
    }

    private void Remove(Removed gone, long? standing)
    {
        last++;
        lastAdmitted = null;
        if (standing is { } number)
        {
            foreach (var table in gone.Tables)
                statements.Execute($"DELETE FROM {table} WHERE number = @number", ("number", number));
            links.Remove(number, gone);
            search.Remove(number);
            evidence.Remove(number, gone);
            statements.Execute("DELETE FROM record WHERE number = @number", ("number", number));
            removed.Add((gone, number));
        }
        PutDown(gone, body: null);
        if (gone.IsRedaction)
        {
            statements.Execute("UPDATE change SET body = NULL WHERE type = @type AND id = @id", ("type", gone.Type), ("id", gone.Id));
            search.Forget(gone.Words);
            statements.Execute("UPDATE feed SET unerased = @number", ("number", last));
        }
    }

    private void PutDown(Receipt receipt, byte[]? body)
    {
        var gone = receipt as Removed;
        statements.Execute(
            """
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, into_id, note, body, at, actor)
            VALUES (@revision, @epoch, @start, @type, @id, @op, @reason, @into, @note, @body, @at, @actor)
            """,
            ("revision", last), ("epoch", Before.Epoch), ("start", Before.Revision + 1), ("type", receipt.Type), ("id", receipt.Id),
            ("op", gone is null ? "upsert" : "remove"), ("reason", gone?.Reason), ("into", gone?.Into), ("note", gone?.Note), ("body", body), ("at", at), ("actor", actor));
    }

    /// <summary>
    /// Checks that all records fit one another, and moves the counter. The transaction can then be committed. Throws <see cref="MisfitException"/> and
    /// <see cref="StillReferencedException"/>.
    /// </summary>
    public async Task<Written> Close()
    {
        if (last > Before.Revision)
            await links.Close();
        indexes.PutBack();
        if (last > Before.Revision)
            await existence.Close();
        misfits.Demand();
        if (last > Before.Revision)
        {
            foreach (var (gone, number) in removed)
                await links.CheckUnnamed(number, gone);
            if (last - Before.Revision >= lastNumber / LargePart)
                search.Merge();
            await connection.ExecuteAsync("UPDATE feed SET head = @last", new { last });
        }
        return new(created, replaced, unchanged, removed.Count, new(Before.Epoch, last, Before.Horizon)) { Last = lastAdmitted };
    }

    /// <summary>Derives anew what is derived from records that stand as they are: after a migration that derives more.</summary>
    public async Task DeriveAnew(IAsyncEnumerable<(long Number, Changed Record)> standing)
    {
        PutOff(beyond: 0);
        await foreach (var (number, record) in standing)
            Derive(number, record, replacing: true);
        await links.Close();
        misfits.Demand();
        indexes.PutBack();
        search.Merge();
    }

    public void Dispose() => statements.Dispose();

    // What many rows are sorted into at once, rather than row by row.
    private void PutOff(long beyond)
    {
        indexes.SetAside();
        links.PutOffBeyond(beyond);
    }

    // What was changed is known by its revision. What was left as it stands is kept in bits, as numbers are dense: little, however many there are.
    private void Leave(Standing standing)
    {
        if (standing.Number >= left.Length)
            left.Length = checked((int)Math.Max(standing.Number + 1, 2L * left.Length));
        left[(int)standing.Number] = true;
        lastAdmitted = standing;
        unchanged++;
    }

    private bool IsLeft(long number) => number < left.Length && left[(int)number];

    private void Derive(long number, Changed changed, bool replacing)
    {
        foreach (var (table, columns, rows) in changed.Rows)
        {
            if (replacing)
                statements.Execute($"DELETE FROM {table} WHERE number = @number", ("number", number));
            if (!inserts.TryGetValue(table, out var insert))
                inserts[table] = insert = $"INSERT INTO {table} (number, id, {string.Join(", ", columns)}) VALUES (@number, @id, {string.Join(", ", columns.Select(column => "@" + column))})";
            foreach (var values in rows)
                statements.Execute(insert, [("number", number), ("id", changed.Id), .. columns.Zip(values)]);
        }
        links.Keep(number, changed, replacing);
        search.Keep(number, changed, replacing);
    }
}
