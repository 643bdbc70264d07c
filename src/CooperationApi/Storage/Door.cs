using System.Collections;
using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>What one write transaction does with each receipt: the number, the record, its derived rows, whom it names, the change.</summary>
internal sealed class Door : IDisposable
{
    // A transaction that changes one record of so many changes a large part of them; one that makes so many, and doubles them, makes many.
    private const int LargePart = 10, Many = 15_000;

    private readonly DbConnection connection;
    private readonly string actor, at;
    private readonly CompiledStatements statements;
    private readonly CompiledStatement find, make, replace, remove, change, keepPast, findReason;
    private readonly Links links;
    private readonly SearchIndex search;
    private readonly Misfits misfits = new();
    private readonly Evidence evidence;
    private readonly Existence existence;
    private readonly ReadingIndexes indexes;
    private readonly BitArray left = new(0);
    private readonly Dictionary<string, (CompiledStatement Statement, string[] Columns, Value[] Values)> inserts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CompiledStatement> deletes = new(StringComparer.Ordinal);
    private long last, lastNumber;
    // Where nothing was ever removed, no id is gone for good.
    private bool wasAnyRemoved;
    private readonly List<(Removed Receipt, long Number)> removed = [];
    private int created, replaced, unchanged;
    private (long Number, long Revision, byte[] Body, string Hash)? lastPut;
    private Standing? lastLeft;

    public Door(DbConnection connection, Mark before, string actor, string at)
    {
        (this.connection, Before, this.actor, this.at, last) = (connection, before, actor, at, before.Revision);
        statements = new(connection);
        find = statements.Of("SELECT number, revision, body, hash FROM record WHERE type = @type AND id = @id");
        make = statements.Of("INSERT INTO record (number, type, id, revision, changed_at, hash, body) VALUES (@number, @type, @id, @revision, @at, @hash, @body)");
        replace = statements.Of("UPDATE record SET revision = @revision, changed_at = @at, hash = @hash, body = @body WHERE number = @number");
        remove = statements.Of("DELETE FROM record WHERE number = @number");
        change = statements.Of(
            """
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, into_id, note, at, actor)
            VALUES (@revision, @epoch, @start, @type, @id, @op, @reason, @into, @note, @at, @actor)
            """);
        keepPast = statements.Of("UPDATE change SET past_body = @body WHERE seq = @revision");
        findReason = statements.Of("SELECT reason FROM change WHERE type = @type AND id = @id AND op = 'remove' AND reason <> 'deleted'");
        existence = new(connection, statements, misfits);
        links = new(connection, statements, existence, misfits);
        evidence = new(statements, links, misfits);
        search = new(statements);
        indexes = new(connection);
        (lastNumber, wasAnyRemoved) = connection.QuerySingle<(long, bool)>(
            "SELECT coalesce((SELECT max(number) FROM record), 0), EXISTS (SELECT 1 FROM change WHERE op = 'remove')");
    }

    /// <summary>The state that the transaction began with.</summary>
    public Mark Before { get; }

    /// <summary>The record as it stands; null if there is none.</summary>
    public Standing? Find(string type, string id) => find.First(row => new Standing(row.Number(0), row.Number(1), row.Bytes(2), row.Text(3)), type, id);

    /// <summary>Carries a receipt out. What would leave a record as it stands takes no number. A transaction changes a record once.</summary>
    public void Admit(Receipt receipt)
    {
        var standing = Find(receipt.Type, receipt.Id);
        if (receipt is Changed changed)
            Put(changed, standing);
        else if ((Removed)receipt is var gone && (standing is not null || gone.IsRedaction))
            Remove(gone, standing);
    }

    private void Put(Changed changed, Standing? standing)
    {
        if (standing is not null && (standing.Revision > Before.Revision || IsLeft(standing.Number)))
        {
            misfits.Add(new("repeated_id", changed.Type, changed.Id, "id", changed.Id));
            return;
        }
        if (standing is not null && changed.Body.Is(standing))
        {
            Leave(standing);
            return;
        }
        if (standing is null && wasAnyRemoved && findReason.First(row => row.Text(0), changed.Type, changed.Id) is { } reason)
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
        var hash = BodyHash.Of(body);
        (lastPut, lastLeft) = ((number, last, body, hash), null);
        if (standing is null)
            make.Execute(number, changed.Type, changed.Id, last, at, hash, body);
        else
        {
            KeepPast(changed.Id, standing);
            replace.Execute(last, at, hash, body, number);
        }
        PutDown(changed);
        Derive(number, changed, replacing: standing is not null);
        evidence.Check(number, changed);
    }

    private void Remove(Removed gone, Standing? standing)
    {
        last++;
        (lastPut, lastLeft) = (null, null);
        if (standing is { Number: var number })
        {
            foreach (var table in gone.Tables)
                Delete(table, number);
            links.Remove(number, gone);
            search.Remove(number);
            evidence.Remove(number, gone);
            if (!gone.IsRedaction)
                KeepPast(gone.Id, standing);
            remove.Execute(number);
            removed.Add((gone, number));
        }
        PutDown(gone);
        wasAnyRemoved = true;
        if (gone.IsRedaction)
        {
            statements.Of("UPDATE change SET past_body = NULL WHERE type = @type AND id = @id").Execute(gone.Type, gone.Id);
            search.Forget(gone.Words);
            statements.Of("UPDATE feed SET unerased = @number").Execute(last);
        }
    }

    // The only copy there is: damaged, it would be told as true from then on.
    private void KeepPast(string id, Standing standing) => keepPast.Execute(BodyHash.Checked(id, standing.Body, standing.Hash), standing.Revision);

    private void PutDown(Receipt receipt)
    {
        var gone = receipt as Removed;
        change.Execute(last, Before.Epoch, Before.Revision + 1, receipt.Type, receipt.Id, gone is null ? "upsert" : "remove", gone?.Reason, gone?.Into, gone?.Note, at, actor);
    }

    /// <summary>
    /// Checks that all records fit one another, and moves the counter. The transaction can then be committed. Throws <see cref="MisfitException"/> and
    /// <see cref="StillReferencedException"/>.
    /// </summary>
    public async Task<Written> Close()
    {
        if (indexes.AreSetAside)
            SqliteEngine.PrepareToSort(connection);
        if (last > Before.Revision)
            await links.Close();
        indexes.PutBack();
        if (last > Before.Revision)
            await existence.Close();
        misfits.Demand();
        if (last > Before.Revision)
        {
            foreach (var (gone, its) in removed)
                await links.CheckUnnamed(its, gone);
            if (last - Before.Revision >= lastNumber / LargePart)
                search.Merge();
            await connection.ExecuteAsync("UPDATE feed SET head = @last", new { last });
        }
        return new(created, replaced, unchanged, removed.Count, new(Before.Epoch, last, Before.Horizon))
        {
            Last = lastPut is var (number, revision, body, hash) ? new(number, revision, body, hash) : lastLeft,
        };
    }

    /// <summary>Derives anew what is derived from records that stand as they are: after a migration that derives more.</summary>
    public async Task DeriveAnew(IAsyncEnumerable<(long Number, Changed Record)> standing)
    {
        PutOff(beyond: 0);
        await foreach (var (number, record) in standing)
            Derive(number, record, replacing: true);
        SqliteEngine.PrepareToSort(connection);
        await links.Close();
        misfits.Demand();
        indexes.PutBack();
        search.Merge();
    }

    public void Dispose() => statements.Dispose();

    // What many rows are sorted into at once, rather than row by row.
    private void PutOff(long beyond)
    {
        if (indexes.AreSetAside)
            return;
        indexes.SetAside();
        links.PutOffBeyond(beyond);
        search.PutOffMerging();
    }

    // What was changed is known by its revision. What was left as it stands is kept in bits, as numbers are dense: little, however many there are.
    private void Leave(Standing standing)
    {
        if (standing.Number >= left.Length)
            left.Length = checked((int)Math.Max(standing.Number + 1, 2L * left.Length));
        left[(int)standing.Number] = true;
        (lastPut, lastLeft) = (null, standing);
        unchanged++;
    }

    private bool IsLeft(long number) => number < left.Length && left[(int)number];

    private void Derive(long number, Changed changed, bool replacing)
    {
        foreach (var (table, rows) in changed.Rows)
        {
            if (replacing)
                Delete(table, number);
            foreach (var row in rows)
                Insert(table, row, number, changed.Id);
        }
        links.Keep(number, changed, replacing);
        search.Keep(number, changed, replacing);
    }

    private void Insert(string table, (string Column, Value Value)[] row, long number, string id)
    {
        if (!inserts.TryGetValue(table, out var insert))
        {
            string[] columns = [.. row.Select(cell => cell.Column)];
            var statement = statements.Of($"INSERT INTO {table} (number, id, {string.Join(", ", columns)}) VALUES (?, ?{string.Concat(columns.Select(_ => ", ?"))})");
            inserts[table] = insert = (statement, columns, new Value[2 + columns.Length]);
        }
        if (!row.Select(cell => cell.Column).SequenceEqual(insert.Columns))
            throw new ArgumentException($"A row of {table} has other columns than the ones before it.", nameof(row));
        (insert.Values[0], insert.Values[1]) = (number, id);
        for (var i = 0; i < row.Length; i++)
            insert.Values[2 + i] = row[i].Value;
        insert.Statement.Execute(insert.Values);
    }

    private void Delete(string table, long number)
    {
        if (!deletes.TryGetValue(table, out var delete))
            deletes[table] = delete = statements.Of($"DELETE FROM {table} WHERE number = @number");
        delete.Execute(number);
    }
}
