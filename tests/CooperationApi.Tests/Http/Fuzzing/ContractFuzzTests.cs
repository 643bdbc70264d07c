using System.Globalization;
using CooperationApi.Http.Problems;
using CooperationApi.Tests.Access;
using CsCheck;

namespace CooperationApi.Tests.Http.Fuzzing;

/// <summary>
/// Sends random sequences of requests to all operations with an Admin key. Each response must be as documented. `CONTRACT_FUZZ_CALLS` sets
/// the number of requests (100 per sequence) and `CONTRACT_FUZZ_SEED` the seed; a failure reports its seed.
/// </summary>
public sealed class ContractFuzzTests
{
    private const int SequenceLength = 100;

    // Rejected before routing, with a problem or, by Kestrel, without a body.
    private static readonly int[] GeneralStatuses = [400, 404, 405, 408, 414, 431];

    [Fact]
    public async Task Random_requests_get_documented_responses_and_no_5xx_but_503()
    {
        var calls = int.Parse(Environment.GetEnvironmentVariable("CONTRACT_FUZZ_CALLS") ?? "300", CultureInfo.InvariantCulture);
        var seed = Environment.GetEnvironmentVariable("CONTRACT_FUZZ_SEED") is { Length: > 0 } configuredSeed
            ? configuredSeed
            : PCG.ThreadPCG.ToString();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}, {calls} requests.");
        OpenApiSpec document;
        await using (var first = await AuthenticatedService.Start())
            document = await first.GetOpenApi();
        var statuses = new SortedDictionary<int, int>();
        await new FuzzRequestGenerator(document).CreateSequence(SequenceLength).SampleAsync(async sequence =>
        {
            await using var service = await AuthenticatedService.Start(("Exports:Enabled", "true"), ("Logging:LogLevel:Default", "None"));
            var key = await service.CreateKeySecret();
            foreach (var request in sequence)
            {
                var response = await RawHttp.Send(service.Address, request.ToBytes(service.Address, key));
                statuses[response.Status] = statuses.GetValueOrDefault(response.Status) + 1;
                var differences = FindDifferences(document, request, response);
                Assert.True(differences.Count == 0, $"{string.Join('\n', differences)}\n\n{request}\n\n{response.Body}");
                // A rotated or revoked Admin key ends the sequence.
                if (response.Status == 401)
                    break;
            }
        }, TestContext.Current.TestOutputHelper!.WriteLine, seed, (calls + SequenceLength - 1) / SequenceLength, threads: 1,
            print: sequence => $"{sequence.Length} requests");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Statuses: {string.Join(", ", statuses.Select(status => $"{status.Key}: {status.Value}"))}.");
        // Most requests must pass the first checks, else the trial tests little.
        Assert.True(statuses.Where(status => status.Key is >= 200 and < 400).Sum(status => status.Value) > calls / 10);
    }

    private static IReadOnlyList<string> FindDifferences(OpenApiSpec document, FuzzRequest request, RawResponse response)
    {
        var name = $"{request.Operation.Method} {request.Target}";
        if (response.Status is 0 or >= 500 and not 503)
            return [$"{name}: {response.Status}"];
        if (!response.IsComplete)
            return [$"{name}: The last chunk is missing."];
        if (response.Body.Length > 0 && response.Status >= 400
            && !ProblemMessages.ProblemCodes.Contains((string)response.Problem["code"]!))
            return [$"{name}: {response.Status} {response.Problem["code"]} is not a documented code."];
        // A target that is not a path of the operation is rejected before the operation.
        return GeneralStatuses.Contains(response.Status) && !request.Operation.Statuses.Contains($"{response.Status}")
            ? []
            : [.. document.FindDifferences(request.Operation, name, response.Status,
                response.Headers.SelectMany(header => header.Select(value => (header.Key, value))), response.Body)
                // With `fields`, the response lacks members that the schema requires.
                .Where(difference => !request.Target.Contains("fields=", StringComparison.Ordinal)
                    || !difference.Contains(": required: ", StringComparison.Ordinal))];
    }
}
