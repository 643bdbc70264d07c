namespace CooperationApi.Formats.Readable;

/// <summary>
/// A column of `profile=readable`, which shows one or more members of a row in words. <paramref name="Members"/> are their JSON names,
/// separated by commas. <paramref name="Width"/> is the display width in characters.
/// </summary>
internal abstract record ReadableColumn(string Members, string English, string Vietnamese, int Width)
{
    /// <summary>The JSON names of the members that the column shows.</summary>
    public IReadOnlyList<string> MemberNames => field ??= Members.Split(',');

    /// <summary>The name of the column in the table.</summary>
    public string Key => English;

    /// <summary>Returns the text of a cell; null or empty if the row has none of the members.</summary>
    public abstract LinkedText Format(object item, ReadableFormatter formatter);
}

/// <summary>A column of rows of one type.</summary>
internal sealed record ReadableColumn<T>(string Members, string English, string Vietnamese, int Width,
    Func<T, ReadableFormatter, LinkedText> FormatCell) : ReadableColumn(Members, English, Vietnamese, Width)
    where T : class
{
    public override LinkedText Format(object item, ReadableFormatter formatter) => FormatCell((T)item, formatter);
}
