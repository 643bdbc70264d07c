using CooperationApi.Contracts;

namespace CooperationApi.Formats;

/// <summary>A column of a table: the name and the type of a JSON member of the rows.</summary>
internal sealed record TableColumn(string Name, Type Type)
{
    // In characters: enough for a date or a number, and enough of a text to recognize it.
    private const int NarrowWidth = 14, WideWidth = 40;

    /// <summary>True if the values are dates or partial dates.</summary>
    public bool IsDate => Type == typeof(DateOnly) || Type == typeof(PartialDate);

    /// <summary>The heading in words, for people; null if the name is the heading.</summary>
    public string? Heading { get; init; }

    /// <summary>The display width in characters.</summary>
    public int Width
    {
        get => field > 0 ? field : DefaultWidth;
        init;
    }

    private int DefaultWidth => IsDate || Type.IsPrimitive || Type.IsEnum || Type == typeof(decimal) ? NarrowWidth : WideWidth;

    /// <summary>
    /// Returns the columns for the members of a type in declaration order, limited to <paramref name="memberNames"/> if given.
    /// </summary>
    public static IReadOnlyList<TableColumn> FromType(Type type, IReadOnlyList<string>? memberNames = null) =>
    [
        .. ApiJson.Options.GetTypeInfo(type).Properties.Where(member => memberNames?.Contains(member.Name) is not false)
            .Select(member => new TableColumn(member.Name, Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType)),
    ];
}
