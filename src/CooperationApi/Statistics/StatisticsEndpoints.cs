using System.Globalization;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Statistics;

/// <summary>The routes of all figures: `/v1/statistics/…`.</summary>
internal sealed class StatisticsEndpoints(Database database, ResourceStore records, ResourceEndpoints resources, Catalog catalog, Answers answers, Patience patience)
{
    // What follows the day too is kept apart: one state would otherwise drop all answers of the other.
    private readonly Answers daily = new(patience);

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoints = v1.ServiceProvider.GetRequiredService<StatisticsEndpoints>();
        foreach (var figures in endpoints.All())
            v1.MapRead($"statistics/{figures.Name}", context => endpoints.Read(context, figures), () => figures.Operation);
    }

    // A new one is a line here.
    private IEnumerable<Figures> All() =>
    [
        new ContributionFigures(catalog["results"]),
        new CommitmentFigures(catalog["commitments"]),
        new MeetingFigures(catalog["meetings"]),
        new CoverageFigures(catalog),
    ];

    private Task Read(HttpContext context, Figures figures)
    {
        var today = resources.Today;
        var mark = database.Mark;
        return (figures.FollowTheDay ? daily : answers).Serve(context, Tag(mark), async () =>
        {
            var query = FiguresQuery.Read(context.Request, figures, today);
            if (Answers.Known(context.Request, Tag(mark)) is { } unchanged)
                return unchanged;
            await records.CheckNamed(query.Conditions, context.RequestAborted);
            return await database.Read(async connection =>
            {
                var seen = await Database.MarkOf(connection);
                var answer = await figures.Read(connection, query, seen.Revision);
                return new Answer(Tag(seen), IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), Wire.Json));
            }, context.RequestAborted);
        });

        string Tag(Mark of) => figures.FollowTheDay ? $"{of.Text}-{today.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}" : of.Text;
    }
}
