using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Mirror;

/// <summary>Computes what a whole copy must come to, from the identifiers, revisions and hashes of all records in one state.</summary>
internal sealed class MirrorDigests(Database database, Catalog catalog)
{
    /// <summary>Into how many parts all records fall.</summary>
    public const int Parts = 256;

    /// <summary>The digests of some types, or of all where none is named; of one part, if it is asked for, with its records.</summary>
    public Task<MirrorDigest> Of(IReadOnlyList<string> types, int? part, CancellationToken cancel) => database.Read(async connection =>
    {
        var mark = await Database.MarkOf(connection);
        var ofTypes = catalog.Types.Where(type => types.Count == 0 || types.Contains(type)).ToDictionary(type => type, _ => new LineDigest());
        var ofParts = Enumerable.Range(0, Parts).Select(_ => new LineDigest()).ToArray();
        var listed = new List<MirrorRow>();
        try
        {
            var (line, id) = (new byte[512], new byte[256]);
            await using var rows = await connection.ExecuteReaderAsync("SELECT type, id, revision, hash FROM record ORDER BY type, id");
            while (await rows.ReadAsync(cancel))
            {
                var type = rows.GetString(0);
                if (!ofTypes.TryGetValue(type, out var ofType))
                    continue;
                var row = new MirrorRow { Type = type, Id = rows.GetString(1), Revision = rows.GetInt64(2), Hash = rows.GetString(3) };
                var its = PartOf(row, id);
                if (part is null)
                    ofType.Add(line.AsSpan(0, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.Id} {row.Revision} {row.Hash}\n"), line)));
                else if (its == part)
                    listed.Add(row);
                if (part is null || its == part)
                    ofParts[its].Add(line.AsSpan(0, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.Type} {row.Id} {row.Revision} {row.Hash}\n"), line)));
            }
            return new MirrorDigest
            {
                Epoch = mark.Epoch,
                Revision = mark.Revision,
                Types = part is null ? [.. ofTypes.Select(of => new TypeDigest { Type = of.Key, Rows = of.Value.Lines, Digest = of.Value.Close() })] : [],
                Buckets = [.. ofParts.Index().Where(of => part is null || of.Index == part)
                    .Select(of => new BucketDigest { Bucket = of.Index.ToString("x2", CultureInfo.InvariantCulture), Rows = of.Item.Lines, Digest = of.Item.Close() })],
                Rows = part is null ? null : listed,
            };
        }
        finally
        {
            foreach (var digest in ofTypes.Values.Concat(ofParts))
                digest.Dispose();
        }
    }, cancel);

    private static int PartOf(MirrorRow row, byte[] buffer)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, Encoding.UTF8.GetBytes($"{row.Type}/{row.Id}", buffer)), hash);
        return hash[0];
    }

    /// <summary>The SHA-256 of many short lines, which are handed on together.</summary>
    private sealed class LineDigest : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] waiting = new byte[4096];
        private int length;

        public long Lines { get; private set; }

        public void Add(ReadOnlySpan<byte> line)
        {
            Lines++;
            if (length + line.Length > waiting.Length)
                HandOn();
            line.CopyTo(waiting.AsSpan(length));
            length += line.Length;
        }

        public string Close()
        {
            HandOn();
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        public void Dispose() => hash.Dispose();

        private void HandOn()
        {
            hash.AppendData(waiting, 0, length);
            length = 0;
        }
    }
}
