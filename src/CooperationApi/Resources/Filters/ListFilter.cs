using CooperationApi.Http;
using CooperationApi.Http.Problems;

namespace CooperationApi.Resources.Filters;

/// <summary>A parameter that narrows a list: how it is read, what it allows, and the SQL condition that it becomes.</summary>
internal abstract record ListFilter(string Name, string Description, string Example) : QueryParameter(Name, Description, Example)
{
    public override bool IsScopedToOwner => true;

    /// <summary>The condition, or null and a fault.</summary>
    public abstract AppliedFilter? Parse(string text, ICollection<RequestError> errors);
}
