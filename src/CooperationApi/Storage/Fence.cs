using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// What the store has acknowledged, kept apart from it in a file of its own: by this a store that is older than it once was, or another one, is told from
/// one that only lost its process. Two places in the file are written in turn, so that one is always whole, and by one process at a time.
/// </summary>
internal sealed class Fence(string path)
{
    private const int Places = 2, PlaceLength = 512;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(SqliteEngine.PatienceSeconds), BetweenAttempts = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Takes the fence for a commit and the writing of its landmark, so that these come in the order of the commits, whoever makes them. Throws
    /// <see cref="FenceException"/>, before anything is committed, if it can't be written.
    /// </summary>
    public FileStream Hold()
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                if (exception is not IOException || !File.Exists(path) || Stopwatch.GetElapsedTime(began) > Patience)
                    throw new FenceException($"The fence '{path}' can't be written, and nothing was changed: {exception.Message}", exception);
                Thread.Sleep(BetweenAttempts);
            }
        }
    }

    /// <summary>What was last written; null if there is nothing, or nothing whole.</summary>
    public Landmark? Read()
    {
        if (!File.Exists(path))
            return null;
        using var held = Hold();
        return Latest(held)?.Landmark;
    }

    /// <summary>What was last written in a fence that is held.</summary>
    public static Landmark? ReadIn(FileStream held) => Latest(held)?.Landmark;

    /// <summary>Writes a landmark, and returns when it is on the disk. Throws <see cref="FenceException"/>: what was committed stands all the same.</summary>
    public void Put(FileStream held, Landmark landmark)
    {
        try
        {
            var turn = (Latest(held)?.Turn ?? 0) + 1;
            var said = string.Create(CultureInfo.InvariantCulture, $"{turn} {landmark.Epoch} {landmark.Head} {landmark.Number} {landmark.Change} {landmark.Body}");
            var line = $"{said} {Hash(said)}".PadRight(PlaceLength - 1) + "\n";
            held.Position = turn % Places * PlaceLength;
            held.Write(Encoding.ASCII.GetBytes(line));
            held.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw new FenceException($"The change stands, but the fence '{path}' could not be written: {exception.Message}", exception);
        }
    }

    private static (long Turn, Landmark Landmark)? Latest(FileStream held)
    {
        var content = new byte[Places * PlaceLength];
        held.Position = 0;
        var length = held.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return Enumerable.Range(0, Places).Where(place => (place + 1) * PlaceLength <= length)
            .Select(place => Parse(Encoding.ASCII.GetString(content, place * PlaceLength, PlaceLength))).MaxBy(written => written?.Turn);
    }

    private static (long Turn, Landmark Landmark)? Parse(string line)
    {
        // Half written, it isn't what its hash is of.
        if (line.TrimEnd().Split(' ') is not [.. var words, var hash] || words.Length != 6 || hash != Hash(string.Join(' ', words)))
            return null;
        return (long.Parse(words[0], CultureInfo.InvariantCulture), new(words[1], long.Parse(words[2], CultureInfo.InvariantCulture),
            long.Parse(words[3], CultureInfo.InvariantCulture), words[4], words[5]));
    }

    private static string Hash(string said) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(said)));
}

/// <summary>A place in the life of a store: its epoch and head, and the number and hashes of its last change. A body that is no more, or never was, is `-`.</summary>
internal sealed record Landmark(string Epoch, long Head, long Number, string Change, string Body)
{
    private const string Columns = "SELECT seq, epoch, transaction_start, type, id, op, reason, into_id, at, actor, body FROM state";

    private static readonly Landmark Nowhere = new("", 0, 0, "-", "-");

    /// <summary>Where a connection's transaction sees the store.</summary>
    public static async Task<Landmark> Of(DbConnection connection)
    {
        var mark = await Database.MarkOf(connection);
        var last = await Read(connection, $"{Columns} ORDER BY seq DESC LIMIT 1", 0) ?? Nowhere;
        return last with { Epoch = mark.Epoch, Head = mark.Revision };
    }

    /// <summary>Whether a store has all that was acknowledged up to here, and is of the same life.</summary>
    public async Task<bool> StandsIn(DbConnection connection)
    {
        var mark = await Database.MarkOf(connection);
        if (mark.Epoch != Epoch || mark.Revision < Head)
            return false;
        var there = Number == 0 ? Nowhere : await Read(connection, $"{Columns} WHERE seq = @number", Number);
        // What a change said may have been redacted since.
        return there is not null && there.Change == Change && (there.Body == Body || there.Body == "-");
    }

    private static async Task<Landmark?> Read(DbConnection connection, string query, long number)
    {
        await using var row = await connection.ExecuteReaderAsync(query, new { number });
        if (!await row.ReadAsync())
            return null;
        var body = row.GetOrdinal("body");
        var said = string.Join('\n', Enumerable.Range(0, body).Select(column => row.IsDBNull(column) ? "" : Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture)));
        return new("", 0, row.GetInt64(0), BodyHash.Of(said), row.IsDBNull(body) ? "-" : BodyHash.Of(row.GetFieldValue<byte[]>(body)));
    }
}

/// <summary>The fence can't be written. The message says whether anything was changed.</summary>
internal sealed class FenceException(string message, Exception inner) : DbException(message, inner);
