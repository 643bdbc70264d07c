using CooperationApi.Contracts;

namespace CooperationApi.Formats;

/// <summary>A column of a table: a member of the rows' JSON, by its name there.</summary>
internal sealed record TableColumn(string Name, Type Type)
{
    // In characters: what a day or a number takes, and what of a text is enough to tell it by.
    private const int NarrowWidth = 14, WideWidth = 40;

    /// <summary>Whether its values are dates, as far as they are known.</summary>
    public bool IsDate => Type == typeof(DateOnly) || Type == typeof(PartialDate);

    /// <summary>How wide it is shown, in characters.</summary>
    public int Width => IsDate || Type.IsPrimitive || Type.IsEnum || Type == typeof(decimal) ? NarrowWidth : WideWidth;

    /// <summary>The columns of a type's members, in their order; only those that are asked for.</summary>
    public static IReadOnlyList<TableColumn> FromType(Type type, IReadOnlyList<string>? memberNames = null) =>
    [
        .. ApiJson.Options.GetTypeInfo(type).Properties.Where(member => memberNames?.Contains(member.Name) is not false)
            .Select(member => new TableColumn(member.Name, Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType)),
    ];
}
