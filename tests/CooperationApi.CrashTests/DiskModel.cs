namespace CooperationApi.CrashTests;

/// <summary>
/// Builds the files of a folder after a power loss at a time of a trace. A write or truncation is durable if a flush of its file began
/// after it and ended before the power loss. Each other write is kept, lost, or torn at 512-byte sectors, at random and independently of
/// its order. A later write that is kept beyond a lost one leaves zeros between them.
/// A new file is durable if a flush of its folder ended before the power loss; otherwise it exists or not, at random.
/// Assumptions: a flush reaches the medium; a lost sector keeps its earlier content; a write does not damage bytes beside its range (the
/// property "powersafe overwrite" of SQLite). The memory-mapped file `-shm` is lost. The service neither renames nor deletes files while
/// it runs on a complete store; the trace reader rejects such calls.
/// </summary>
internal sealed class DiskModel(string baseFolder, string folder, IReadOnlyList<FileCall> calls)
{
    private const int SectorLength = 512;

    /// <summary>The result of an unflushed call after a power loss.</summary>
    internal enum Fate
    {
        Kept,
        Lost,
        Torn,
    }

    /// <summary>Writes the files after a power loss to a new folder. Returns the numbers of kept, lost and torn unflushed writes.</summary>
    public (int Kept, int Lost, int Torn) LosePower(double time, Random random, string targetFolder)
    {
        // The fates of the writes are related: often all are lost, because nothing was written back yet, or all are kept.
        var (keepShare, tearShare) = random.Next(4) switch
        {
            0 => (0.0, 0.0),
            1 => (1.0, 0.0),
            2 => (0.5, 0.25),
            _ => (random.NextDouble() * 0.5, random.NextDouble() * 0.5),
        };
        var counts = new int[3];
        var flushedUntil = calls.Where(call => call.Operation == FileOperation.Sync && call.End <= time).GroupBy(call => call.Path)
            .ToDictionary(group => group.Key, group => group.Max(call => call.Start));
        Build(time, ChooseFate, targetFolder, random);
        return (counts[(int)Fate.Kept], counts[(int)Fate.Lost], counts[(int)Fate.Torn]);

        Fate ChooseFate(FileCall call, string flushedPath)
        {
            if (flushedUntil.TryGetValue(flushedPath, out var until) && call.End <= until)
                return Fate.Kept;
            var value = random.NextDouble();
            var fate = value < keepShare ? Fate.Kept
                : call.Operation == FileOperation.Write && value < keepShare + tearShare ? Fate.Torn : Fate.Lost;
            if (call.Operation == FileOperation.Write)
                counts[(int)fate]++;
            return fate;
        }
    }

    /// <summary>
    /// Applies the calls that began by a time to the base files. <paramref name="chooseFate"/> gets a call and the file or folder whose
    /// flush makes it durable.
    /// </summary>
    public void Build(double time, Func<FileCall, string, Fate> chooseFate, string targetFolder, Random? random = null)
    {
        Directory.CreateDirectory(targetFolder);
        var begun = calls.Where(call => call.Start <= time && call.Operation != FileOperation.Sync).ToLookup(call => call.Path);
        var names = Directory.GetFiles(baseFolder).Concat(begun.Select(group => group.Key)).Select(path => Path.GetFileName(path))
            .Distinct();
        foreach (var name in names)
        {
            var (basePath, path) = (Path.Combine(baseFolder, name), Path.Combine(folder, name));
            using var content = new MemoryStream();
            if (File.Exists(basePath))
                content.Write(File.ReadAllBytes(basePath));
            else if (chooseFate(begun[path].First(call => call.Operation == FileOperation.Create), folder) == Fate.Lost)
                continue;
            foreach (var call in begun[path].Where(call => call.Operation != FileOperation.Create))
            {
                var fate = chooseFate(call, path);
                if (fate == Fate.Torn)
                    ApplySectors(content, call, random!);
                else if (fate == Fate.Kept && call.Operation == FileOperation.Truncate)
                    content.SetLength(call.Offset);
                else if (fate == Fate.Kept)
                    Apply(content, call.Offset, call.Bytes);
            }
            File.WriteAllBytes(Path.Combine(targetFolder, name), content.ToArray());
        }
    }

    private static void Apply(MemoryStream content, long offset, ReadOnlySpan<byte> bytes)
    {
        // A write beyond the end fills the gap with zeros.
        content.Position = offset;
        content.Write(bytes);
    }

    /// <summary>Applies a random half of the sectors that a write touches.</summary>
    private static void ApplySectors(MemoryStream content, FileCall call, Random random)
    {
        for (var position = 0; position < call.Bytes.Length;)
        {
            var length = (int)Math.Min(SectorLength - (call.Offset + position) % SectorLength, call.Bytes.Length - position);
            if (random.Next(2) == 0)
                Apply(content, call.Offset + position, call.Bytes.AsSpan(position, length));
            position += length;
        }
    }
}
