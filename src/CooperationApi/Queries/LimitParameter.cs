using CooperationApi.Http;
using CooperationApi.Http.Problems;

namespace CooperationApi.Queries;

/// <summary>The size of a page.</summary>
internal sealed record LimitParameter() : IntegerParameter("limit", $"How many rows a page has at most: 1 to {Maximum}; {Default} without it.", 1, Maximum, Default)
{
    public new const int Default = 50, Maximum = 200;

    private static readonly LimitParameter Instance = new();

    public static int Parse(Dictionary<string, string> values, ICollection<RequestError> errors) => Instance.ParseInteger(values, errors);
}
