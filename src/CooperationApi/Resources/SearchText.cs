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
        var facets = Facet("province", "provinces").Concat(Facet("group", "cooperation-groups")).Append($"type:{type}");
        if (Day(rows, "_from") is { } from && Day(rows, "_to") is { } to)
            facets = facets.Concat(DayTokens.Of(from, to));
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
        IEnumerable<string> Facet(string name, string toType) => references.Where(reference => reference.ToType.Split('|').Contains(toType)).Select(reference => reference.ToId)
            .Concat(type == toType ? [record.Id] : Array.Empty<string>()).Distinct().Select(id => $"{name}:{id}");
    }

    /// <summary>Words with their diacritics as the index has them: none of them is a folded word.</summary>
    public static string Marked(string exact) => string.Join(' ', exact.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => $":{word}"));

    // The narrow tables have a record's days in columns that end so.
    private static string? Day(IReadOnlyList<DerivedRows> rows, string ending)
    {
        var columns = rows[0].Columns;
        var column = Enumerable.Range(0, columns.Count).FirstOrDefault(i => columns[i].EndsWith(ending, StringComparison.Ordinal), -1);
        return column < 0 ? null : (string?)rows[0].Values[0][column];
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
