using System.Runtime.CompilerServices;
using CooperationApi.Contracts;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `cursor`: the start of a page.</summary>
internal sealed record CursorParameter(string Description) : QueryParameter("cursor", Description, Start)
{
    /// <summary>The value that starts at the first page, like a request without the parameter.</summary>
    public const string Start = "*";

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Pattern = Patterns.CursorOrStart,
        MinLength = 1,
        MaxLength = Limits.MaxCursorLength,
    };

    /// <summary>
    /// Returns the sort values of the last row of the previous page; null if the cursor is missing or invalid. <paramref name="scope"/> has
    /// all values that determine the rows and their order. <paramref name="isPosition"/> returns true if a row can have the sort values.
    /// </summary>
    public T? Read<T>(QueryValues values, string scope, Func<T, bool> isPosition) where T : struct, ITuple =>
        values[Name] is { } text and not Start ? PageCursor.Decode(text, scope, isPosition, values.Errors) : null;
}
