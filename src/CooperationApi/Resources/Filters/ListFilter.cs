using CooperationApi.Http;
using CooperationApi.Http.Problems;

namespace CooperationApi.Resources.Filters;

/// <summary>A query parameter that filters a list by an SQL condition.</summary>
internal abstract record ListFilter(string Name, string Description, string Example) : QueryParameter(Name, Description, Example)
{
    public override bool IsScopedToOwner => true;

    /// <summary>Returns the applied filter; null if the parameter is missing or invalid.</summary>
    public AppliedFilter? Read(QueryValues values) => values[Name] is { } text ? Parse(text, values.Errors) : null;

    /// <summary>Parses a value. Adds an error and returns null if the value is not valid.</summary>
    public abstract AppliedFilter? Parse(string text, ICollection<RequestError> errors);
}
