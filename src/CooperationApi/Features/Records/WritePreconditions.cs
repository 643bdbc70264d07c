using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Features.Records;

/// <summary>
/// Upon what state of a record a change is made: what `If-Match` and `If-None-Match` say (RFC 9110, 13.1). Without one of them two editors would undo
/// each other's work unseen, so one is demanded: 428.
/// </summary>
internal sealed class WritePreconditions
{
    private readonly IReadOnlyList<EntityTagHeaderValue>? ifMatch, ifNoneMatch;

    private WritePreconditions(IReadOnlyList<EntityTagHeaderValue>? ifMatch, IReadOnlyList<EntityTagHeaderValue>? ifNoneMatch) => (this.ifMatch, this.ifNoneMatch) = (ifMatch, ifNoneMatch);

    /// <summary>Reads what a request says, or throws 428 if it says nothing and 400 if it can't be understood.</summary>
    public static WritePreconditions ReadRequired(HttpRequest request) => TryRead(request) ?? throw new ProblemException(428, "precondition_required");

    /// <summary>Reads what a request says; null if it says nothing.</summary>
    public static WritePreconditions? TryRead(HttpRequest request)
    {
        var (ifMatch, ifNoneMatch) = (ParseTags(request.Headers.IfMatch, HeaderNames.IfMatch), ParseTags(request.Headers.IfNoneMatch, HeaderNames.IfNoneMatch));
        return ifMatch is null && ifNoneMatch is null ? null : new(ifMatch, ifNoneMatch);
    }

    /// <summary>Throws 412, with the tag that stands, if they are not fulfilled by a record as it stands, or by there being none.</summary>
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

    // Only the record's part of a tag counts, in whichever encoding it was read.
    private bool AreMet(StoredRecord? stored, string epoch) =>
        ifMatch?.Any(tag => stored is not null && (tag.Equals(EntityTagHeaderValue.Any) || Matches(tag, FormatETag(epoch, stored.Revision)))) is not false
        && ifNoneMatch?.Any(tag => stored is not null && (tag.Equals(EntityTagHeaderValue.Any) || Matches(tag, FormatETag(epoch, stored.Revision)))) is not true;

    /// <summary>The tag of a record's state.</summary>
    public static string FormatETag(string epoch, long revision) => $"{epoch}-{revision}";

    // A weak tag is of the store's state, and never of one record's.
    private static bool Matches(EntityTagHeaderValue tag, string recordTag) =>
        !tag.IsWeak && tag.Tag.AsSpan().Trim('"') is var text && (text.SequenceEqual(recordTag) || text.SequenceEqual(recordTag + ResponseCache.GzipSuffix));

    private static IReadOnlyList<EntityTagHeaderValue>? ParseTags(StringValues header, string name) =>
        header.Count == 0 ? null
        : EntityTagHeaderValue.TryParseStrictList(header, out var tags) ? [.. tags]
        : throw new ProblemException(400, "precondition_invalid", name);
}
