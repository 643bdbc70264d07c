using CooperationApi.Contracts;

namespace CooperationApi.Http;

/// <summary>
/// The description of a parameter in the path of a route. Its name is never `id`: nested lists have a filter `id`, and code generators make
/// one method parameter of both.
/// </summary>
internal sealed record PathParameter(
    string Name, string Description, Func<string> GetExample, string Pattern = Patterns.Slug, int MaxLength = Limits.MaxSlugLength)
{
    /// <summary>The name of the path parameter with the id of a record.</summary>
    public const string RecordIdName = "recordId";

    /// <summary>Creates the description of `{recordId}`.</summary>
    public static PathParameter RecordId(string example) => new(RecordIdName, "The id of the record.", () => example);
}
