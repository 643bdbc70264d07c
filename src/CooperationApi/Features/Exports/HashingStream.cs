using System.Security.Cryptography;

namespace CooperationApi.Features.Exports;

/// <summary>A stream that passes all bytes to another stream and computes their count and SHA-256.</summary>
internal sealed class HashingStream(Stream inner) : WriteOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long length;

    public override long Length => length;

    /// <summary>Returns the SHA-256 of the bytes written so far, in lower-case hexadecimal.</summary>
    public string GetSha256() => Convert.ToHexStringLower(hash.GetCurrentHash());

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Track(buffer);
        inner.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Track(buffer.Span);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        base.Dispose(disposing);
    }

    private void Track(ReadOnlySpan<byte> buffer)
    {
        length += buffer.Length;
        hash.AppendData(buffer);
    }
}
