using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using CooperationApi.Contracts;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;

namespace CooperationApi.Resources;

/// <summary>Builds the search document of a record from all texts for people in it, with the names apart from the other texts.</summary>
internal static class SearchDocumentBuilder
{
    /// <summary>
    /// The members of records that are names, or codes that people use like a name. Inside another member, they are other texts.
    /// </summary>
    public static readonly IReadOnlyList<string> NameMembers = ["Title", "TitleEn", "Name", "NameEn", "Aliases", "IsoCode", "Text"];

    /// <summary>
    /// The members that are other texts or contain texts. No others are searched: identifiers and references are not text for people, and
    /// a locator describes a position in a source, not the record. A full name is no name here: `tỉnh` would be in the names of all
    /// provinces, and `ti` would suggest each of them.
    /// </summary>
    public static readonly IReadOnlyList<string> TextMembers =
    [
        "Author", "Code", "Description", "FullName", "Giver", "Label", "LabelEn", "LegalBasis", "Note", "Place", "Publisher", "Quote",
        "Receiver", "Region", "RegionLegalBasis", "ReportedBy", "Summary", "Themes", "Unit", "UnitEn",
        "Attendance", "Citations", "LaterDocuments", "Participants", "Period", "Positions", "Predecessors", "Responsible", "Successors",
        "Versions", "VoicedBy",
    ];

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<PropertyInfo>> MemberCache = new();

    /// <summary>Returns the search document of a record.</summary>
    public static SearchDocument Build(string type, Record record, string title, IEnumerable<string> formerNames, DateRange? dateRange,
        IReadOnlyList<ReferenceRow> references)
    {
        var names = new List<string>();
        var texts = new List<string>();
        foreach (var member in GetSearchableMembers(record.GetType()))
            CollectTexts(member.GetValue(record), NameMembers.Contains(member.Name) ? names : texts);
        names.AddRange(formerNames);
        var (allNames, allTexts) = (string.Join('\n', names), string.Join('\n', texts));
        string[] facets =
        [
            .. FindIds(ResourceTypes.Provinces).Select(id => $"province:{id}"),
            .. FindIds(ResourceTypes.CooperationGroups).Select(id => $"group:{id}"),
            $"type:{type}",
            .. dateRange is { FirstDay: { } firstDay, LastDay: { } lastDay } ? DateRangeTokens.ForRange(firstDay, lastDay) : [],
        ];
        return new(TitleKey: TextFolding.Fold(title), allNames, allTexts, FoldedNames: TextFolding.Fold(allNames),
            ExactNames: PrefixExact(TextFolding.FoldKeepDiacritics(allNames)),
            FoldedText: TextFolding.Fold($"{allNames}\n{allTexts}"), Facets: string.Join(' ', facets));

        // Returns the ids of a type: those of the referenced records, and the record's own if it has the type.
        IEnumerable<string> FindIds(string ofType) => references.Where(reference => reference.CanReferTo(ofType))
            .Select(reference => reference.ToId).Concat(type == ofType ? [record.Id] : Array.Empty<string>()).Distinct();
    }

    /// <summary>
    /// Prefixes each word that has its diacritics with `:`, as the index stores it, so that it never equals a folded word.
    /// </summary>
    public static string PrefixExact(string accentedWords) =>
        accentedWords.Trim().Replace(" ", " :", StringComparison.Ordinal) is { Length: > 0 } words ? ":" + words : "";

    private static void CollectTexts(object? value, List<string> texts)
    {
        switch (value)
        {
            case string text:
                texts.Add(text);
                break;
            case IEnumerable list:
                foreach (var item in list)
                    CollectTexts(item, texts);
                break;
            case not null:
                foreach (var member in GetSearchableMembers(value.GetType()))
                    CollectTexts(member.GetValue(value), texts);
                break;
        }
    }

    private static IReadOnlyList<PropertyInfo> GetSearchableMembers(Type type) => MemberCache.GetOrAdd(type, static type =>
        [.. type.GetProperties().Where(member => NameMembers.Contains(member.Name) || TextMembers.Contains(member.Name))]);
}
