using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Storage;

namespace CooperationApi.Features.Progress;

/// <summary>
/// The routes `/v1/{type}/{recordId}/progress` of agreements, provinces and officials: the commitments with what became of each of them.
/// </summary>
internal sealed class ProgressEndpoint(Database database, ProgressReader reader)
{
    /// <summary>The types with a progress report, each with the id of an example.</summary>
    public static readonly IReadOnlyList<(string Type, string Singular, string Example)> Owners =
    [
        ("agreements", "agreement", "noi-dung-hop-tac-ha-noi-thai-binh-2019"),
        ("provinces", "province", "thai-binh"),
        ("officials", "official", "hoang-trung-hai"),
    ];

    /// <summary>Describes the route of a type.</summary>
    public static OperationDescription Describe(string type, string singular, string example) => new(
        $"get{OperationDescription.ToPascalCase(singular)}Progress", type, $"Get the progress of the commitments of one {singular}.",
        "Returns each commitment with its responsible parties, its plan, the results that fulfil it, the latest dated evidence and the "
        + $"state that follows from them. {DescribeScope(type)} Agreed commitments and those that were only raised are separate. The "
        + "totals per group and pillar count a record in each of its groups. More than 1,000 commitments or results are an error: the "
        + "report is never truncated.")
    {
        ResponseType = typeof(ProgressReport),
        Example = (nameof(ProgressReport), () => JsonSerializer.SerializeToNode(Example, ApiJson.Options)),
        PathParameters = [PathParameter.RecordId(example)],
        OtherStatuses = [308, 410],
    };

    private static ProgressReport Example
    {
        get
        {
            var (delivered, none) = (new StateCounts
            {
                Commitments = 1,
                Delivered = 1,
                PartlyDelivered = 0,
                Reported = 0,
                NoNews = 0,
                WithResult = 1,
            }, new StateCounts { Commitments = 0, Delivered = 0, PartlyDelivered = 0, Reported = 0, NoNews = 0, WithResult = 0 });
            var total = new ProgressTotals { Agreed = none, Raised = delivered, Results = 1 };
            var cows = new ProgressFigures { Quantity = 100, Unit = "con bò giống" };
            return new()
            {
                Agreed = [],
                Raised =
                [
                    new()
                    {
                        Id = "ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong",
                        Title = "Hà Nội giao ngành nông nghiệp triển khai thủ tục mua, chuyển giao bò giống cho tỉnh Thái Bình",
                        Kind = CommitmentKind.Assignment,
                        GroupIds = ["ha-noi-thai-binh-2019-se-5"],
                        Responsible = [new() { Name = "ngành nông nghiệp", ProvinceId = "ha-noi" }],
                        VoicedBy = [],
                        Status = CommitmentStatus.InProgress,
                        StatusAsOf = PartialDate.Parse("2019-10"),
                        Planned = cows with { Amount = 3_800_000_000, Currency = "VND", Approximate = true },
                        Delivered = cows,
                        State = ProgressState.Delivered,
                        LatestEvidence = new()
                        {
                            On = PartialDate.Parse("2019-10"),
                            Record = new() { Type = "commitments", Id = "ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong" },
                        },
                        Results =
                        [
                            new()
                            {
                                Id = "ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong",
                                Title = "Lãnh đạo thành phố Hà Nội trao tặng 100 con bò giống",
                                Kind = ResultKind.Contribution,
                                GroupIds = [],
                                Figures = cows,
                                MeetingId = "hoi-nghi-ha-noi-thai-binh-2019-10-26",
                                FulfilsBasis = CitationBasis.Inferred,
                            },
                        ],
                    },
                ],
                OtherResults = [],
                Groups =
                [
                    new()
                    {
                        GroupId = "ha-noi-thai-binh-2019-se-5",
                        Name = "Nông nghiệp",
                        Pillar = Pillar.SocioEconomic,
                        Total = total,
                    },
                ],
                Pillars = [new() { Pillar = Pillar.SocioEconomic, Total = total }],
                Total = total,
                Revision = 638,
            };
        }
    }

    private static string DescribeScope(string type) => type switch
    {
        "agreements" => "The commitments are those of the agreement, and those that were raised at the meeting that adopted it.",
        "provinces" => "The commitments are all that refer to the province unit.",
        _ => "The commitments are those that the official voiced or is responsible for.",
    };

    /// <summary>Returns the progress of a record.</summary>
    public async Task<ReadResponse> Get(HttpContext context, string type)
    {
        var id = context.GetPathParameter(PathParameter.RecordIdName);
        var version = database.Version;
        QueryValues.Parse(context.Request, []).ThrowIfInvalid();
        return await database.Read(async connection =>
        {
            if (await MergeRedirect.Find(connection, context.Request, type, id) is { } redirect)
                return redirect;
            if (ReadResponse.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
                return notModified;
            var progress = await reader.Read(connection, type, id, context.RequestAborted);
            return ReadResponse.FromJson((await Database.ReadVersion(connection)).Token, progress);
        }, context.RequestAborted);
    }
}
