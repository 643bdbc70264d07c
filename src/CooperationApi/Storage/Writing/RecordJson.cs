using System.Globalization;
using System.Text;

namespace CooperationApi.Storage.Writing;

/// <summary>A record's JSON, but for the revision that it is given when it is written.</summary>
internal sealed class RecordJson(byte[] json, string id)
{
    // An identifier is a slug: as long in JSON as it is. The revision stands behind it.
    private readonly int revisionOffset = "{\"id\":\"".Length + id.Length + "\"".Length;

    /// <summary>The JSON with a revision, in UTF-8.</summary>
    public byte[] WithRevision(long revision) => [.. json.AsSpan(0, revisionOffset), .. EncodeRevision(revision), .. json.AsSpan(revisionOffset)];

    /// <summary>Whether a record stands so already.</summary>
    public bool Matches(StoredRecord stored)
    {
        var body = stored.Body.AsSpan();
        var member = EncodeRevision(stored.Revision);
        return body.Length == json.Length + member.Length && body.StartsWith(json.AsSpan(0, revisionOffset)) && body[revisionOffset..].StartsWith(member)
            && body[(revisionOffset + member.Length)..].SequenceEqual(json.AsSpan(revisionOffset));
    }

    private static byte[] EncodeRevision(long revision) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"revision\":{revision}"));
}
