using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Text;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter by the earliest time of a record's last change.</summary>
internal sealed record TimestampFilter(string Name, string Description, string Example, SqlCondition SqlCondition)
    : ListFilter(Name, Description, Example)
{
    public override bool IsScopedToOwner => false;

    public override OpenApiSchema Schema =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = "date-time",
            Pattern = Rfc3339.Pattern,
            MinLength = 20,
            MaxLength = Rfc3339.MaxLength,
        };

    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        if (Rfc3339.TryParse(text) is { } timestamp)
            return new(SqlCondition, Name, timestamp.ToIso());
        errors.Add(new("invalid_timestamp", text) { Parameter = Name });
        return null;
    }
}
