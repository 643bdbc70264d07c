using System.Data.Common;
using System.Globalization;
using System.Text;

namespace CooperationApi.Storage;

/// <summary>The receipt of a write: what is to become of one record.</summary>
internal abstract record Receipt(string Type, string Id);

/// <summary>
/// A record as it is to stand, and all that is derived from it.
/// </summary>
internal sealed record Changed(
    string Type,
    string Id,
    RecordBody Body,
    IReadOnlyList<DerivedRows> Rows,
    IReadOnlyList<Reference> References,
    SearchEntry Search) : Receipt(Type, Id)
{
    /// <summary>When what the record tells of happened, as far as it is known: empty if it isn't; null if it tells of nothing that happens.</summary>
    public string? HappenedOn { get; init; }

    /// <summary>What it quotes.</summary>
    public IReadOnlyList<Quote> Quotes { get; init; } = [];
}

/// <summary>That a record quotes a source, in its citation of this ordinal: where the words stand in the text, in code points from 0.</summary>
internal sealed record Quote(int Ordinal, string SourceId, string Text, int Start, int Length);

/// <summary>A record's JSON, but for the revision that it is given when it is written.</summary>
internal sealed class RecordBody(byte[] json, string id)
{
    // An identifier is a slug: as long in JSON as it is. The revision stands behind it.
    private readonly int place = "{\"id\":\"".Length + id.Length + "\"".Length;

    /// <summary>The JSON with a revision, in UTF-8.</summary>
    public byte[] Bytes(long revision) => [.. json.AsSpan(0, place), .. Member(revision), .. json.AsSpan(place)];

    /// <summary>Whether a record stands so already.</summary>
    public bool Is(Standing standing)
    {
        var body = standing.Body.AsSpan();
        var member = Member(standing.Revision);
        return body.Length == json.Length + member.Length && body.StartsWith(json.AsSpan(0, place)) && body[place..].StartsWith(member)
            && body[(place + member.Length)..].SequenceEqual(json.AsSpan(place));
    }

    private static byte[] Member(long revision) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"revision\":{revision}"));
}

/// <summary>A record that is no longer to be, why (`deleted`, `merged`, `redacted`), and the narrow tables that have rows of it.</summary>
internal sealed record Removed(string Type, string Id, string Reason, IReadOnlyList<string> Tables) : Receipt(Type, Id)
{
    /// <summary>Of a record that was merged, the id of the one that it goes into.</summary>
    public string? Into { get; init; }

    /// <summary>Of one that is redacted, why, in words.</summary>
    public string? Note { get; init; }

    /// <summary>Of one that is redacted, every word that search may know it by.</summary>
    public IReadOnlyCollection<string> Words { get; init; } = [];

    /// <summary>Whether all that the record ever said is to go too, even if the record itself has been taken out before.</summary>
    public bool IsRedaction => Reason == "redacted";
}

/// <summary>What search finds a record by: texts as written, and the words of them that are indexed.</summary>
internal sealed record SearchEntry
{
    /// <summary>The title, folded.</summary>
    public required string NameKey { get; init; }

    /// <summary>The names as written, one a line.</summary>
    public required string Names { get; init; }

    /// <summary>All other texts as written, one a line.</summary>
    public required string Texts { get; init; }

    /// <summary>The words of the names, folded.</summary>
    public required string NameWords { get; init; }

    /// <summary>The same with their diacritics, each after a `:`.</summary>
    public required string ExactWords { get; init; }

    /// <summary>The words of all texts, folded.</summary>
    public required string AllWords { get; init; }

    /// <summary>Words that narrow a search: `type:meetings province:hai-phong group:… in:2019-10 all:2019-10-26`.</summary>
    public required string Facets { get; init; }
}

/// <summary>A record's rows in one narrow table: of each the columns besides `number` and `id`, which are the same in all, and their values.</summary>
internal sealed record DerivedRows(string Table, params IReadOnlyList<(string Column, Value Value)[]> Rows);

/// <summary>That a record names another in a member; of a list's members (`participants[].officialId`) the one of the ordinal. Several types (`a|b`) mean the one of them that has the id.</summary>
internal sealed record Reference(string Member, int Ordinal, string ToType, string ToId)
{
    /// <summary>Of a citation, how its source supports the record.</summary>
    public string? Basis { get; init; }
}

/// <summary>What a write did: how many records it made, replaced, left as they stood and removed, and the state that it left.</summary>
internal sealed record Written(int Created, int Replaced, int Unchanged, int Removed, Mark Mark)
{
    /// <summary>The last record that was admitted, as it stands now.</summary>
    public Standing? Last { get; init; }
}

/// <summary>A record as it stands: its number inside the store, that of its last change, its JSON, and the hash that this was written with.</summary>
internal sealed record Standing(long Number, long Revision, byte[] Body, string Hash);

/// <summary>
/// A state of the store: the life that it belongs to, the number of its last change, and the horizon: up to which number only the newest change of each
/// record is kept, 0 if all are.
/// </summary>
internal sealed record Mark(string Epoch, long Revision, long Horizon = 0)
{
    /// <summary>The state as one word, for ETags and caches.</summary>
    public string Text { get; } = Horizon == 0 ? $"{Epoch}-{Revision}" : $"{Epoch}-{Revision}-{Horizon}";
}

/// <summary>Where a record names another.</summary>
internal sealed record Naming(string Type, string Id, string Member, int Ordinal)
{
    /// <summary>Where in the record's JSON it stands: `participants[].officialId`, the third, as `participants/2/officialId`.</summary>
    public string Place => Member.Replace("[]", string.Create(CultureInfo.InvariantCulture, $"/{Ordinal}"), StringComparison.Ordinal).Replace('.', '/');
}

/// <summary>A record that can't be removed, because others name it: some of them, and how many references there are.</summary>
internal sealed class StillReferencedException(string type, string id, IReadOnlyList<Naming> references, long count)
    : Exception($"{type}/{id} is named by others.")
{
    public IReadOnlyList<Naming> References => references;

    public long Count => count;
}

/// <summary>Another writer has not finished in the time that a writer waits.</summary>
internal sealed class StoreBusyException() : DbException("Another write takes too long.")
{
    public override bool IsTransient => true;
}
