using System.Globalization;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources.Provinces;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `at`: the date of an as-of query.</summary>
internal sealed record AsOfParameter() : QueryParameter("at",
    "Date from 2008-08-01 to today. The response has provinces as they were on this date, and officials with the positions that a source "
    + "shows for this date.",
    "2019-10-26")
{
    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Format = "date", MinLength = 10, MaxLength = 10 };

    /// <summary>Returns the date; null if it is missing or invalid.</summary>
    public DateOnly? Read(QueryValues values, DateOnly today)
    {
        if (values[Name] is not { } text)
            return null;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            values.Errors.Add(RequestError.InvalidDate("invalid_date", text) with { Parameter = Name });
        else if (date < ProvinceResource.CoverageStart || date > today)
        {
            values.Errors.Add(new("date_outside_coverage", date, ProvinceResource.CoverageStart, today)
            {
                Parameter = Name,
            });
        }
        return date;
    }
}
