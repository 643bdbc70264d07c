using CooperationApi.Http;
using CooperationApi.Http.Problems;

namespace CooperationApi.Queries;

/// <summary>The parameter `limit`: the maximum number of rows in a page.</summary>
internal sealed record LimitParameter() : IntegerParameter("limit", $"Maximum number of rows in a page: 1 to {Maximum}. Default: {Default}.", 1, Maximum, Default)
{
    public new const int Default = 50, Maximum = 200;

    private static readonly LimitParameter Instance = new();

    public static int Parse(Dictionary<string, string> values, ICollection<RequestError> errors) => Instance.ParseInteger(values, errors);
}
