using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CooperationApi.Storage;

/// <summary>
/// The file with the last acknowledged change, outside the store. Detects a store that was restored from a backup or replaced: it lacks
/// this change. Two 512-byte slots are written alternately and flushed to disk, so that one is always intact. One process writes at a time.
/// </summary>
internal sealed class HighWaterMarkFile(string path)
{
    private const int SlotCount = 2, SlotLength = 512;

    private static readonly TimeSpan LockRetryDelay = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Locks the file for a commit, so that all processes write their marks in commit order. Throws <see cref="HighWaterMarkException"/> if
    /// the file cannot be opened; nothing is committed then.
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
                if (exception is not IOException || !File.Exists(path)
                    || Stopwatch.GetElapsedTime(startTimestamp) > Database.WriteLockTimeout)
                    throw new HighWaterMarkException(
                        $"Cannot open high-water mark '{path}'; nothing was committed: {exception.Message}", exception);
                Thread.Sleep(LockRetryDelay);
            }
        }
    }

    /// <summary>Returns the last mark; null if the file is missing or has no intact slot.</summary>
    public HighWaterMark? Read()
    {
        if (!File.Exists(path))
            return null;
        using var lockedFile = Lock();
        return ReadLatestSlot(lockedFile)?.Mark;
    }

    /// <summary>Returns the last mark of a locked file; null if it has no intact slot.</summary>
    public static HighWaterMark? ReadLocked(FileStream lockedFile) => ReadLatestSlot(lockedFile)?.Mark;

    /// <summary>
    /// Writes a mark and flushes it to disk. Throws <see cref="HighWaterMarkException"/> on failure; the change is committed all the same.
    /// </summary>
    public void Write(FileStream lockedFile, HighWaterMark highWaterMark)
    {
        try
        {
            var generation = (ReadLatestSlot(lockedFile)?.Generation ?? 0) + 1;
            var payload = string.Create(CultureInfo.InvariantCulture,
                $"{generation} {highWaterMark.Epoch} {highWaterMark.Head} {highWaterMark.ChangeRevision} {highWaterMark.ChangeHash} "
                + $"{highWaterMark.BodyHash}");
            var line = $"{payload} {Hash(payload)}".PadRight(SlotLength - 1) + "\n";
            lockedFile.Position = generation % SlotCount * SlotLength;
            lockedFile.Write(Encoding.ASCII.GetBytes(line));
            lockedFile.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw new HighWaterMarkException(
                $"The change was committed, but high-water mark '{path}' could not be written: {exception.Message}", exception);
        }
    }

    private static (long Generation, HighWaterMark Mark)? ReadLatestSlot(FileStream lockedFile)
    {
        var buffer = new byte[SlotCount * SlotLength];
        lockedFile.Position = 0;
        var length = lockedFile.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return Enumerable.Range(0, SlotCount).Where(slotIndex => (slotIndex + 1) * SlotLength <= length)
            .Select(slotIndex => Parse(Encoding.ASCII.GetString(buffer, slotIndex * SlotLength, SlotLength)))
            .MaxBy(slot => slot?.Generation);
    }

    private static (long Generation, HighWaterMark Mark)? Parse(string line)
    {
        // A partly written slot does not match its hash.
        if (line.TrimEnd().Split(' ') is not [.. var fields, var storedHash] || fields.Length != 6
            || storedHash != Hash(string.Join(' ', fields)))
            return null;
        return (long.Parse(fields[0], CultureInfo.InvariantCulture), new(fields[1], long.Parse(fields[2], CultureInfo.InvariantCulture),
            long.Parse(fields[3], CultureInfo.InvariantCulture), fields[4], fields[5]));
    }

    private static string Hash(string payload) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(payload)));
}

/// <summary>The high-water mark file cannot be written. The message states if the change was committed.</summary>
internal sealed class HighWaterMarkException(string message, Exception inner) : DbException(message, inner);
