using System.Collections;
using System.Text.Json.Serialization.Metadata;
using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources;
using Microsoft.Extensions.Localization;

namespace CooperationApi.Pages;

/// <summary>A part of a fact's value: a text in the language of the page or of the record, a record, or an address.</summary>
public sealed record FactPart(string? Text)
{
    /// <summary>True if the text is one of the record, in Vietnamese.</summary>
    public bool IsRecordText { get; init; }

    /// <summary>The address to which the text links.</summary>
    public string? Url { get; init; }

    /// <summary>The record that the part names; of several types, the first that has the id.</summary>
    public (string Types, string Id)? Reference { get; init; }
}

/// <summary>A fact of a record: the members that state it, its label, and its value in lines of parts.</summary>
public sealed record Fact(string Members, string Label, IReadOnlyList<IReadOnlyList<FactPart>> Lines);

/// <summary>Lists the facts of a record in the order of its members, in words: names instead of ids, figures with their units.</summary>
internal sealed class RecordFacts(Resource resource, PageContext page, IStringLocalizer text)
{
    // Members that are shown elsewhere on the page, or with another member: units with their figures, English texts with the Vietnamese.
    private static readonly HashSet<string> OtherMembers =
        ["id", "revision", "citations", "unit", "unitEn", "currency", "approximate", "bound", "outOf", "amount", "labelEn", "nameBasis"];

    private ReadableFormatter Format => page.Format;

    /// <summary>Lists the facts, except those of some members.</summary>
    public IEnumerable<Fact> List(Record record, IReadOnlyCollection<string> excluded)
    {
        var members = ApiJson.Options.GetTypeInfo(record.GetType()).Properties;
        foreach (var member in members.Where(member => !excluded.Contains(member.Name)))
        {
            if (record is IQuantified quantified && member.Name == "quantity")
            {
                if (Format.FormatFigures(quantified, (record as Result)?.OutOf) is { Length: > 0 } figures)
                    yield return new("quantity,amount", text["member.figures"], [.. figures.Split('\n').Select(line => ToLine(new(line)))]);
            }
            else if (!IsShownElsewhere(member.Name, members) && member.Get!(record) is { } value
                && FormatLines(member.Name, value, record, members).ToList() is { Count: > 0 } lines)
            {
                yield return new(member.Name, GetLabel(member.Name), lines);
            }
        }
    }

    private string GetLabel(string member) => text[$"member.{member}"];

    private static bool IsShownElsewhere(string member, IList<JsonPropertyInfo> members) => OtherMembers.Contains(member)
        || member.EndsWith("En", StringComparison.Ordinal) && members.Any(other => other.Name == member[..^2]);

    private IEnumerable<IReadOnlyList<FactPart>> FormatLines(string member, object value, object owner, IList<JsonPropertyInfo> members)
    {
        if (value is IEnumerable list and not string)
        {
            foreach (var item in list)
                yield return FindTypes($"{member}[]") is { } types ? ToLine(Refer(types, (string)item)) : FormatItem($"{member}[]", item);
        }
        else if (value is string id && FindTypes(member) is { } types)
        {
            yield return ToLine(Refer(types, id));
        }
        else if (value is string && FindEnglish(member, owner, members) is { } english && !page.IsVietnamese)
        {
            yield return ToLine(new(english));
        }
        else if (FormatItem(member, value) is { Count: > 0 } line)
        {
            yield return line;
        }
    }

    private static string? FindEnglish(string member, object owner, IList<JsonPropertyInfo> members) =>
        members.FirstOrDefault(other => other.Name == member + "En")?.Get!(owner) as string;

    private string? FindTypes(string path) => resource.References.FirstOrDefault(reference => reference.Member == path)?.ToType;

    /// <summary>Formats a value, or the members of an object in one line.</summary>
    private IReadOnlyList<FactPart> FormatItem(string path, object value) => value switch
    {
        string url when path == "url" => ToLine(new(url) { Url = url }),
        string recordText => ToLine(new(recordText) { IsRecordText = true }),
        Enum name => ToLine(new(DisplayNames.Get(name, page.Language))),
        bool flag => ToLine(new(text[flag ? "Yes" : "No"])),
        PartialDate date => ToLine(new(Format.FormatDate(date))),
        DateOnly date => ToLine(new(Format.FormatDate(date))),
        Period period => ToLine(new(Format.FormatPeriod(period))),
        RecordReference reference => ToLine(Refer(reference.Type, reference.Id)),
        int or long or decimal => ToLine(new(Format.FormatNumber(Convert.ToDecimal(value, null)))),
        Attendance attendance => ToLine(new(Format.Qualify(
            $"{Format.FormatNumber(attendance.Quantity)} {Format.Select(attendance.Unit, attendance.UnitEn)}", attendance.Approximate,
            attendance.Bound))),
        _ => FormatObject(path, value),
    };

    private List<FactPart> FormatObject(string path, object value)
    {
        var members = ApiJson.Options.GetTypeInfo(value.GetType()).Properties;
        var parts = new List<FactPart>();
        foreach (var member in members.Where(member => !IsShownElsewhere(member.Name, members) || member.Name == "id"))
        {
            if (member.Get!(value) is not { } memberValue)
                continue;
            if (memberValue is string id && FindTypes($"{path}.{member.Name}") is { } types)
                parts.Add(Refer(types, id));
            else if (FindEnglish(member.Name, value, members) is { } english && !page.IsVietnamese)
                parts.Add(new(english));
            else if (memberValue is int or decimal or DateOnly or PartialDate)
                parts.Add(new($"{GetLabel(member.Name)}: {FormatItem(member.Name, memberValue)[0].Text}"));
            else
                parts.AddRange(FormatItem($"{path}.{member.Name}", memberValue));
        }
        return parts;
    }

    private static FactPart Refer(string types, string id) => new((string?)null) { Reference = (types, id) };

    private static IReadOnlyList<FactPart> ToLine(FactPart part) => [part];
}
