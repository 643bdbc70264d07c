using System.Globalization;
using System.Text;

namespace CooperationApi.Storage.Writing;

/// <summary>The JSON of a record without its revision, which the write inserts.</summary>
internal sealed class RecordJson(byte[] json, string id)
{
    // The revision follows the id. An id is a slug, which needs no escapes in JSON.
    private readonly int revisionOffset = "{\"id\":\"".Length + id.Length + "\"".Length;

    /// <summary>Returns the JSON with a revision, in UTF-8.</summary>
    public byte[] WithRevision(long revision) =>
        [.. json.AsSpan(0, revisionOffset), .. EncodeRevision(revision), .. json.AsSpan(revisionOffset)];

    /// <summary>True if the stored record has the same JSON apart from the revision.</summary>
    public bool Matches(StoredRecord stored)
    {
        var body = stored.Body.AsSpan();
        var member = EncodeRevision(stored.Revision);
        return body.Length == json.Length + member.Length && body.StartsWith(json.AsSpan(0, revisionOffset))
            && body[revisionOffset..].StartsWith(member)
            && body[(revisionOffset + member.Length)..].SequenceEqual(json.AsSpan(revisionOffset));
    }

    private static byte[] EncodeRevision(long revision) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"revision\":{revision}"));
}
