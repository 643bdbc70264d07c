using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Resources;

/// <summary>What search finds a record by: every text in it that is for people, its names first.</summary>
internal static class SearchText
{
    private static readonly string[] Names = ["Title", "TitleEn", "Name", "NameEn", "Aliases", "Text"];

    // Keys, codes and references are not read by people; where to look in a source says nothing about the record.
    private static readonly string[] Unread = ["Id", "Url", "Sha256", "Language", "Currency", "IsoCode", "Type", "Supports", "ProbablySameAs", "Locator"];

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<PropertyInfo>> Read = new();

    /// <summary>The entry of a record.</summary>
    public static SearchEntry Of(string type, Record record, string title, IReadOnlyList<DerivedRows> rows, IReadOnlyList<Reference> references)
    {
        var names = new List<string>();
        var texts = new List<string>();
        foreach (var member in MembersOf(record.GetType()))
            Collect(member.GetValue(record), Names.Contains(member.Name) ? names : texts);
        var (allNames, allTexts) = (string.Join('\n', names), string.Join('\n', texts));
        var facets = new List<string>();
        AddFacets("province", "provinces");
        AddFacets("group", "cooperation-groups");
        facets.Add($"type:{type}");
        if (Day(rows, "_from") is { } from && Day(rows, "_to") is { } to)
            facets.AddRange(DayTokens.Of(from, to));
        return new()
        {
            NameKey = Folding.Fold(title),
            Names = allNames,
            Texts = allTexts,
            NameWords = Folding.Fold(allNames),
            ExactWords = Marked(Folding.Exact(allNames)),
            AllWords = Folding.Fold($"{allNames}\n{allTexts}"),
            Facets = string.Join(' ', facets),
        };

        // Whom the record names, and itself.
        void AddFacets(string name, string toType)
        {
            foreach (var reference in references)
            {
                if (reference.ToType == toType || reference.ToType.Split('|').Contains(toType))
                    Add(reference.ToId);
            }
            if (type == toType)
                Add(record.Id);

            void Add(string id)
            {
                if ($"{name}:{id}" is var facet && !facets.Contains(facet))
                    facets.Add(facet);
            }
        }
    }

    /// <summary>Words with their diacritics, a blank between each, as the index has them: none of them is a folded word.</summary>
    public static string Marked(string exact) => exact.Trim().Replace(" ", " :", StringComparison.Ordinal) is { Length: > 0 } words ? ":" + words : "";

    // The narrow tables have a record's days in columns that end so.
    private static string? Day(IReadOnlyList<DerivedRows> rows, string ending)
    {
        foreach (var (column, value) in rows[0].Rows[0])
        {
            if (column.EndsWith(ending, StringComparison.Ordinal))
                return value.Text;
        }
        return null;
    }

    private static void Collect(object? value, List<string> texts)
    {
        switch (value)
        {
            case string text:
                texts.Add(text);
                break;
            case IEnumerable list:
                foreach (var item in list)
                    Collect(item, texts);
                break;
            case not null when value.GetType() is { IsClass: true } type:
                foreach (var member in MembersOf(type))
                    Collect(member.GetValue(value), texts);
                break;
        }
    }

    private static IReadOnlyList<PropertyInfo> MembersOf(Type type) => Read.GetOrAdd(type, static type =>
    [
        .. type.GetProperties().Where(member => !member.PropertyType.IsValueType && member.GetIndexParameters().Length == 0
            && !Unread.Contains(member.Name) && !member.Name.EndsWith("Id", StringComparison.Ordinal) && !member.Name.EndsWith("Ids", StringComparison.Ordinal)),
    ]);
}
