using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Features.Statistics;

/// <summary>
/// The route `/v1/provinces/{id}/relations`: the partners of a province, with counts of records, dates and contributions.
/// </summary>
internal sealed class ProvinceRelationsEndpoint(Database database, ProvinceRelationsReader reader)
{
    private static readonly IReadOnlyList<QueryParameter> Parameters = [ProvinceLineage.Unit];

    /// <summary>Describes the route.</summary>
    public static OperationDescription Describe() => new("getProvinceRelations", ResourceTypes.Provinces,
        "Get the relations of a province.",
        "Returns the provinces that share meetings, agreements, commitments or results with a province. Each of them has the number of "
        + "shared records per type, the first and the last date, the first and the last dated meeting, and the sums of contributions per "
        + "direction, currency and unit. If "
        + "contributions are linked as probably the same (`probablySameAs`), one of them counts. A record of several provinces counts for "
        + "each of them. A contribution to several provinces without a known receiver also counts for each of them. With `unit=current`, "
        + "both sides are current units, each with all its predecessors; records between units of the same side are excluded.")
    {
        ResponseType = typeof(ProvinceRelations),
        Example = ("ProvinceRelations", () => JsonSerializer.SerializeToNode(Example, ApiJson.Options)),
        GetParameters = () => Parameters,
        PathParameters = [PathParameter.RecordId("thai-binh")],
        OtherStatuses = [308, 410],
    };

    private static ProvinceRelations Example => new()
    {
        Units = ["thai-binh"],
        Items =
        [
            new()
            {
                ProvinceId = "ha-noi",
                Name = "Hà Nội",
                Units = ["ha-noi"],
                Meetings = 3,
                Agreements = 1,
                Commitments = 21,
                Results = 13,
                Records = 38,
                Since = PartialDate.Parse("2015"),
                Last = PartialDate.Parse("2019-10-26"),
                FirstMeeting = new() { Id = "tham-va-lam-viec-tai-thai-binh-2015", HeldOn = PartialDate.Parse("2015") },
                LastMeeting = new() { Id = "hoi-nghi-ha-noi-thai-binh-2019-10-26", HeldOn = PartialDate.Parse("2019-10-26") },
                Contributions =
                [
                    new()
                    {
                        Direction = Direction.Received,
                        Unit = "con bò giống",
                        Quantity = 100,
                        Count = 1,
                        Ids = ["ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong"],
                    },
                ],
            },
        ],
        Excluded = [],
        Revision = 203,
    };

    /// <summary>Returns the relations of a province.</summary>
    public async Task<ReadResponse> GetRelations(HttpContext context)
    {
        var id = context.GetPathParameter(PathParameter.RecordIdName);
        var version = database.Version;
        var values = QueryValues.Parse(context.Request, Parameters);
        var isCurrent = ProvinceLineage.IsRequested(values);
        values.ThrowIfInvalid();
        return await database.Read(async connection =>
        {
            if (await MergeRedirect.Find(connection, context.Request, ResourceTypes.Provinces, id) is { } redirect)
                return redirect;
            if (ReadResponse.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
                return notModified;
            var relations = await reader.Read(connection, id, isCurrent, context.RequestAborted);
            return ReadResponse.FromJson((await Database.ReadVersion(connection)).Token, relations);
        }, context.RequestAborted);
    }
}
