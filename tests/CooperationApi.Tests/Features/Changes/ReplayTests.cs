using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;
using CsCheck;

namespace CooperationApi.Tests.Features.Changes;

/// <summary>
/// Replays the feed during random operations: every replica must equal the store byte for byte. `REPLAY_STEPS` sets the number of steps
/// (250 per trial) and `REPLAY_SEED` the seed; a failure reports its seed.
/// </summary>
public sealed class ReplayTests
{
    private const int StepsPerTrial = 250;

    [Fact]
    public async Task Every_replica_equals_the_store_after_random_operations()
    {
        var steps = int.Parse(Environment.GetEnvironmentVariable("REPLAY_STEPS") ?? "1000", CultureInfo.InvariantCulture);
        var seed = Environment.GetEnvironmentVariable("REPLAY_SEED") is { Length: > 0 } configuredSeed
            ? configuredSeed
            : PCG.ThreadPCG.ToString();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}, {steps} steps.");
        await Gen.Select(Gen.Int[0, 99], Gen.Int[0, 9999], (action, argument) => (Action: action, Argument: argument)).Array[StepsPerTrial]
            .SampleAsync(async trial =>
            {
                await using var simulation = await Simulation.Start();
                foreach (var (action, argument) in trial)
                    await simulation.RunStep(action, argument);
                await simulation.AssertReplicasMatch();
            }, TestContext.Current.TestOutputHelper!.WriteLine, seed, (steps + StepsPerTrial - 1) / StepsPerTrial, threads: 1);
    }

    /// <summary>A service with writers and replicas.</summary>
    private sealed class Simulation : IAsyncDisposable
    {
        private static readonly string[] ProvinceIds = ["thai-binh", "ha-noi", "hung-yen", "hai-phong"];

        private readonly AuthenticatedService service;
        private readonly string key;
        private readonly FeedReplica fullReplica, typeReplica, provinceReplica;
        private readonly FeedReplica[] replicas;
        private readonly List<string> backups = [];

        private Simulation(AuthenticatedService service, string key)
        {
            (this.service, this.key) = (service, key);
            (fullReplica, typeReplica, provinceReplica) = (new(service, "limit=100"), new(service, "limit=3", "types=organizations"),
                new(service, "limit=10", "types=organizations,meetings&provinceId=thai-binh"));
            replicas = [fullReplica, typeReplica, provinceReplica, new(service, "limit=1000"),
                new(service, "limit=7", "types=organizations,provinces")];
        }

        public static async Task<Simulation> Start()
        {
            var service = await AuthenticatedService.Start();
            return new(service, await service.CreateKeySecret());
        }

        public Task RunStep(int action, int argument)
        {
            var replica = replicas[argument % replicas.Length];
            return action switch
            {
                < 30 => PutOrganization(argument),
                < 38 => Write("DELETE", $"organizations/{ToId(argument)}", null, "If-Match: *"),
                < 44 => ImportOrganizations(argument),
                < 47 => Write("POST", $"organizations/{ToId(argument)}/merge-into/{ToId(argument / 20)}"),
                < 48 => Write("POST", $"organizations/{ToId(argument)}/redact", new JsonObject { ["reason"] = "Dữ liệu cá nhân" }),
                < 52 => Task.WhenAll(PutOrganization(argument), PutOrganization(argument + 1), PutOrganization(argument + 2),
                    ImportOrganizations(argument + 3), replica.ReadPage()),
                < 80 => replica.ReadPage(),
                < 86 => replica.ReadPage(isResponseLost: true),
                < 90 => Task.Run(replica.Crash),
                < 92 => Task.Run(() => service.Clock.Advance(TimeSpan.FromHours(argument % 2 == 0 ? 1 : -1))),
                < 93 => service.Restart(),
                < 95 => BackUp(),
                < 97 => Restore(argument),
                _ => replica.FollowToHead(),
            };
        }

        /// <summary>Follows the feed to its head with every replica and compares the replicas with the store.</summary>
        public async Task AssertReplicasMatch()
        {
            foreach (var replica in replicas)
            {
                await replica.FollowToHead();
                if (replica != provinceReplica)
                    await replica.AssertMatchesDigest();
            }
            provinceReplica.AssertIsSubsetOf(fullReplica, ["organizations", "meetings"], "thai-binh");
        }

        public ValueTask DisposeAsync() => service.DisposeAsync();

        private static string ToId(int index) => $"to-chuc-{index % 20}";

        private static JsonObject CreateOrganization(int index)
        {
            var record = RecordWriteTests.CreateOrganization($"Tổ chức {index}");
            record["provinceId"] = ProvinceIds[index / 20 % ProvinceIds.Length];
            return record;
        }

        private Task PutOrganization(int index) => Write("PUT", $"organizations/{ToId(index)}", CreateOrganization(index));

        /// <summary>Imports 1 to 20 records in one transaction, which may be larger than a replica's page.</summary>
        private Task ImportOrganizations(int firstIndex) => Write("POST", "imports", new JsonObject
        {
            ["organizations"] = new JsonArray([.. Enumerable.Range(firstIndex, 1 + firstIndex % 20).Select(index =>
            {
                var record = CreateOrganization(index);
                record["id"] = ToId(index);
                return record;
            })]),
        });

        /// <summary>Sends a write, which may be rejected because its id is retired or because of a concurrent write.</summary>
        private async Task Write(string method, string address, JsonNode? body = null, string? precondition = null)
        {
            if (method == "PUT")
                precondition = await service.GetStatusCode($"/v1/{address}") == 200 ? "If-Match: *" : "If-None-Match: *";
            using var response = await service.Send(method, $"/v1/{address}", key, body, precondition is null ? [] : [precondition]);
            Assert.True((int)response.StatusCode is >= 200 and < 300 or 400 or 404 or 409 or 410 or 412, await response.ReadText());
        }

        private async Task BackUp()
        {
            backups.Add(service.GetPath($"backup-{backups.Count}.db"));
            await service.BackUp(backups[^1]);
        }

        /// <summary>
        /// Replaces the store with a backup without the `restore` command, on SQLite in a third of the cases without a high-water mark. On
        /// PostgreSQL, a missing mark is that of a new instance.
        /// </summary>
        private async Task Restore(int argument)
        {
            if (backups.Count == 0)
                return;
            await service.Restart(async () =>
            {
                await TestStore.Restore(backups[argument % backups.Count], service.StorePath);
                if (argument % 3 == 0 && !TestStore.IsPostgreSql)
                    File.Delete(service.StorePath + ".hwm");
            });
        }
    }
}
