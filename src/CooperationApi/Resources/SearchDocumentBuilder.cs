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
    private static readonly string[] NameMembers = ["Title", "TitleEn", "Name", "NameEn", "Aliases", "Text"];

    // Identifiers, codes and references are not text for people. A locator describes a position in a source, not the record.
    private static readonly string[] ExcludedMembers = ["Id", "Url", "Sha256", "Language", "Currency", "IsoCode", "Type", "Supports", "ProbablySameAs", "Locator"];

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<PropertyInfo>> MemberCache = new();

    /// <summary>Returns the search document of a record.</summary>
    public static SearchDocument Build(string type, Record record, string title, IReadOnlyList<DerivedRows> rows, IReadOnlyList<ReferenceRow> references)
    {
        var names = new List<string>();
        var texts = new List<string>();
        foreach (var member in GetSearchableMembers(record.GetType()))
            CollectTexts(member.GetValue(record), NameMembers.Contains(member.Name) ? names : texts);
        var (allNames, allTexts) = (string.Join('\n', names), string.Join('\n', texts));
        var facets = new List<string>();
        AddFacets("province", "provinces");
        AddFacets("group", "cooperation-groups");
        facets.Add($"type:{type}");
        if (FindDate(rows, "_from") is { } from && FindDate(rows, "_to") is { } to)
            facets.AddRange(DateRangeTokens.ForRange(from, to));
        return new()
        {
            TitleKey = TextFolding.Fold(title),
            Names = allNames,
            Texts = allTexts,
            FoldedNames = TextFolding.Fold(allNames),
            ExactNames = PrefixExact(TextFolding.FoldKeepDiacritics(allNames)),
            FoldedText = TextFolding.Fold($"{allNames}\n{allTexts}"),
            Facets = string.Join(' ', facets),
        };

        // Adds a facet for each referenced record of the type, and for the record itself if it has the type.
        void AddFacets(string name, string toType)
        {
            foreach (var reference in references)
            {
                if (reference.ToType == toType || reference.ToType.Split('|').Contains(toType))
                    AddFacet(reference.ToId);
            }
            if (type == toType)
                AddFacet(record.Id);

            void AddFacet(string id)
            {
                if ($"{name}:{id}" is var facet && !facets.Contains(facet))
                    facets.Add(facet);
            }
        }
    }

    /// <summary>
    /// Prefixes each word that has its diacritics with `:`, as the index stores it, so that it never equals a folded word.
    /// </summary>
    public static string PrefixExact(string accentedWords) => accentedWords.Trim().Replace(" ", " :", StringComparison.Ordinal) is { Length: > 0 } words ? ":" + words : "";

    // The narrow tables have a record's first and last day in columns that end in `_from` and `_to`.
    private static string? FindDate(IReadOnlyList<DerivedRows> rows, string columnSuffix)
    {
        foreach (var (column, value) in rows[0].Rows[0])
        {
            if (column.EndsWith(columnSuffix, StringComparison.Ordinal))
                return value.Text;
        }
        return null;
    }

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
            case not null when value.GetType() is { IsClass: true } type:
                foreach (var member in GetSearchableMembers(type))
                    CollectTexts(member.GetValue(value), texts);
                break;
        }
    }

    private static IReadOnlyList<PropertyInfo> GetSearchableMembers(Type type) => MemberCache.GetOrAdd(type, static type =>
    [
        .. type.GetProperties().Where(member => !member.PropertyType.IsValueType && member.GetIndexParameters().Length == 0
            && !ExcludedMembers.Contains(member.Name) && !member.Name.EndsWith("Id", StringComparison.Ordinal) && !member.Name.EndsWith("Ids", StringComparison.Ordinal)),
    ]);
}
