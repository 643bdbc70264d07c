using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Storage;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Editing;

/// <summary>
/// Upon what state of a record a change is made: what `If-Match` and `If-None-Match` say (RFC 9110, 13.1). Without one of them two editors would undo
/// each other's work unseen, so one is demanded: 428.
/// </summary>
internal sealed class Preconditions
{
    private readonly IReadOnlyList<EntityTagHeaderValue>? match, noneMatch;

    private Preconditions(IReadOnlyList<EntityTagHeaderValue>? match, IReadOnlyList<EntityTagHeaderValue>? noneMatch) => (this.match, this.noneMatch) = (match, noneMatch);

    /// <summary>Reads what a request says, or throws 428 if it says nothing and 400 if it can't be understood.</summary>
    public static Preconditions Read(HttpRequest request) => ReadIfAny(request) ?? throw new ProblemException(428, "precondition_missing");

    /// <summary>Reads what a request says; null if it says nothing.</summary>
    public static Preconditions? ReadIfAny(HttpRequest request)
    {
        var (match, noneMatch) = (Tags(request.Headers.IfMatch, HeaderNames.IfMatch), Tags(request.Headers.IfNoneMatch, HeaderNames.IfNoneMatch));
        return match is null && noneMatch is null ? null : new(match, noneMatch);
    }

    /// <summary>Throws 412, with the tag that stands, if they are not fulfilled by a record as it stands, or by there being none.</summary>
    public void Demand(string type, string id, Standing? standing, string epoch)
    {
        if (!Allow(standing, epoch))
        {
            throw new ProblemException(412, "precondition_failed", type, id)
            {
                Headers = standing is null ? [] : [("ETag", $"\"{TagOf(epoch, standing.Revision)}\"")],
            };
        }
    }

    // Only the record's part of a tag counts, in whichever encoding it was read.
    private bool Allow(Standing? standing, string epoch) =>
        match?.Any(tag => standing is not null && (tag.Equals(EntityTagHeaderValue.Any) || IsOf(tag, TagOf(epoch, standing.Revision)))) is not false
        && noneMatch?.Any(tag => standing is not null && (tag.Equals(EntityTagHeaderValue.Any) || IsOf(tag, TagOf(epoch, standing.Revision)))) is not true;

    /// <summary>The tag of a record's state.</summary>
    public static string TagOf(string epoch, long revision) => $"{epoch}-{revision}";

    // A weak tag is of the store's state, and never of one record's.
    private static bool IsOf(EntityTagHeaderValue tag, string record) =>
        !tag.IsWeak && tag.Tag.AsSpan().Trim('"') is var text && (text.SequenceEqual(record) || text.SequenceEqual(record + Answers.GzipSuffix));

    private static IReadOnlyList<EntityTagHeaderValue>? Tags(StringValues header, string name) =>
        header.Count == 0 ? null
        : EntityTagHeaderValue.TryParseStrictList(header, out var tags) ? [.. tags]
        : throw new ProblemException(400, "precondition_invalid", name);
}
