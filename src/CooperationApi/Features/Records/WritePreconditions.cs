using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Features.Records;

/// <summary>
/// The preconditions of a write: `If-Match` and `If-None-Match` (RFC 9110, section 13.1). Edits require one of them (428 otherwise),
/// because without it two editors can overwrite each other's changes unnoticed.
/// </summary>
internal sealed class WritePreconditions(IReadOnlyList<EntityTagHeaderValue>? ifMatch, IReadOnlyList<EntityTagHeaderValue>? ifNoneMatch)
{
    /// <summary>Reads the preconditions of a request. Throws 428 if there are none, and 400 if they are invalid.</summary>
    public static WritePreconditions ReadRequired(HttpRequest request) =>
        TryRead(request) ?? throw new ProblemException(428, "precondition_required");

    /// <summary>Reads the preconditions of a request; null if there are none. Throws 400 if they are invalid.</summary>
    public static WritePreconditions? TryRead(HttpRequest request)
    {
        var (ifMatch, ifNoneMatch) =
            (ParseTags(request.Headers.IfMatch, HeaderNames.IfMatch), ParseTags(request.Headers.IfNoneMatch, HeaderNames.IfNoneMatch));
        return ifMatch is null && ifNoneMatch is null ? null : new(ifMatch, ifNoneMatch);
    }

    /// <summary>Throws 412 with the current ETag if the current record, or its absence, does not meet the preconditions.</summary>
    public void EnsureMet(string type, string id, StoredRecord? stored, string epoch)
    {
        if (!AreMet(stored, epoch))
        {
            throw new ProblemException(412, "precondition_failed", type, id)
            {
                Headers = stored is null ? [] : [("ETag", $"\"{FormatETag(epoch, stored.Revision)}\"")],
            };
        }
    }

    private bool AreMet(StoredRecord? stored, string epoch)
    {
        return ifMatch?.Any(IdentifiesStored) is not false && ifNoneMatch?.Any(IdentifiesStored) is not true;

        bool IdentifiesStored(EntityTagHeaderValue tag) => stored is not null
            && (tag.Equals(EntityTagHeaderValue.Any) || EntityTags.IdentifiesState(tag, FormatETag(epoch, stored.Revision)));
    }

    /// <summary>Returns the ETag of a record at a revision, without quotes.</summary>
    public static string FormatETag(string epoch, long revision) => $"{epoch}-{revision}";

    private static IReadOnlyList<EntityTagHeaderValue>? ParseTags(StringValues header, string name) =>
        header.Count == 0 ? null
        : EntityTagHeaderValue.TryParseStrictList(header, out var tags) ? [.. tags]
        : throw new ProblemException(400, "precondition_invalid", name);
}
