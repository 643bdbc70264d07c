using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Storage.Sqlite;

namespace CooperationApi.Storage;

/// <summary>
/// What the store has acknowledged, kept apart from it in a file of its own: by this a store that is older than it once was, or another one, is told from
/// one that only lost its process. Two places in the file are written in turn, so that one is always whole, and by one process at a time.
/// </summary>
internal sealed class HighWaterMarkFile(string path)
{
    private const int SlotCount = 2, SlotLength = 512;

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(SqliteEngine.BusyTimeoutSeconds), LockRetryDelay = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Takes the fence for a commit and the writing of its landmark, so that these come in the order of the commits, whoever makes them. Throws
    /// <see cref="HighWaterMarkException"/>, before anything is committed, if it can't be written.
    /// </summary>
    public FileStream Lock()
    {
        for (var startTimestamp = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                if (exception is not IOException || !File.Exists(path) || Stopwatch.GetElapsedTime(startTimestamp) > LockTimeout)
                    throw new HighWaterMarkException($"The fence '{path}' can't be written, and nothing was changed: {exception.Message}", exception);
                Thread.Sleep(LockRetryDelay);
            }
        }
    }

    /// <summary>What was last written; null if there is nothing, or nothing whole.</summary>
    public HighWaterMark? Read()
    {
        if (!File.Exists(path))
            return null;
        using var lockedFile = Lock();
        return ReadLatestSlot(lockedFile)?.Landmark;
    }

    /// <summary>What was last written in a fence that is held.</summary>
    public static HighWaterMark? ReadLocked(FileStream lockedFile) => ReadLatestSlot(lockedFile)?.Landmark;

    /// <summary>Writes a landmark, and returns when it is on the disk. Throws <see cref="HighWaterMarkException"/>: what was committed stands all the same.</summary>
    public void Write(FileStream lockedFile, HighWaterMark highWaterMark)
    {
        try
        {
            var generation = (ReadLatestSlot(lockedFile)?.Turn ?? 0) + 1;
            var payload = string.Create(CultureInfo.InvariantCulture, $"{generation} {highWaterMark.Epoch} {highWaterMark.Head} {highWaterMark.ChangeRevision} {highWaterMark.ChangeHash} {highWaterMark.BodyHash}");
            var line = $"{payload} {Hash(payload)}".PadRight(SlotLength - 1) + "\n";
            lockedFile.Position = generation % SlotCount * SlotLength;
            lockedFile.Write(Encoding.ASCII.GetBytes(line));
            lockedFile.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw new HighWaterMarkException($"The change stands, but the fence '{path}' could not be written: {exception.Message}", exception);
        }
    }

    private static (long Turn, HighWaterMark Landmark)? ReadLatestSlot(FileStream lockedFile)
    {
        var buffer = new byte[SlotCount * SlotLength];
        lockedFile.Position = 0;
        var length = lockedFile.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return Enumerable.Range(0, SlotCount).Where(slotIndex => (slotIndex + 1) * SlotLength <= length)
            .Select(slotIndex => Parse(Encoding.ASCII.GetString(buffer, slotIndex * SlotLength, SlotLength))).MaxBy(slot => slot?.Turn);
    }

    private static (long Turn, HighWaterMark Landmark)? Parse(string line)
    {
        // Half written, it isn't what its hash is of.
        if (line.TrimEnd().Split(' ') is not [.. var fields, var storedHash] || fields.Length != 6 || storedHash != Hash(string.Join(' ', fields)))
            return null;
        return (long.Parse(fields[0], CultureInfo.InvariantCulture), new(fields[1], long.Parse(fields[2], CultureInfo.InvariantCulture),
            long.Parse(fields[3], CultureInfo.InvariantCulture), fields[4], fields[5]));
    }

    private static string Hash(string payload) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(payload)));
}

/// <summary>The fence can't be written. The message says whether anything was changed.</summary>
internal sealed class HighWaterMarkException(string message, Exception inner) : DbException(message, inner);
