using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using CsCheck;

namespace CooperationApi.Tests.Changes;

/// <summary>
/// The law of the feed: whoever plays back all of it, whatever happens on the way, has the record to the byte. Tried with random steps: `REPLAY_STEPS` says how
/// many (of a trial 250 each), `REPLAY_SEED` which, and what fails names the seed that it failed with.
/// </summary>
public sealed class ReplayTests
{
    private const int StepsOfATrial = 250;

    [Fact]
    public async Task Whatever_happens_every_copy_ends_as_the_record()
    {
        var steps = int.Parse(Environment.GetEnvironmentVariable("REPLAY_STEPS") ?? "1000", CultureInfo.InvariantCulture);
        var seed = Environment.GetEnvironmentVariable("REPLAY_SEED") is { Length: > 0 } given ? given : PCG.ThreadPCG.ToString();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}, {steps} steps.");
        await Gen.Select(Gen.Int[0, 99], Gen.Int[0, 9999], (what, which) => (What: what, Which: which)).Array[StepsOfATrial]
            .SampleAsync(async trial =>
            {
                await using var world = await World.Begin();
                foreach (var (what, which) in trial)
                    await world.Do(what, which);
                await world.IsInStep();
            }, TestContext.Current.TestOutputHelper!.WriteLine, seed, (steps + StepsOfATrial - 1) / StepsOfATrial, threads: 1);
    }

    /// <summary>A service, those who write to it, and those who keep copies of it.</summary>
    private sealed class World : IAsyncDisposable
    {
        private static readonly string[] Provinces = ["thai-binh", "ha-noi", "hung-yen", "hai-phong"];

        private readonly Guarded service;
        private readonly string key;
        private readonly Copy whole, ofTypes, ofProvince;
        private readonly Copy[] copies;
        private readonly List<string> backups = [];

        private World(Guarded service, string key)
        {
            (this.service, this.key) = (service, key);
            (whole, ofTypes, ofProvince) = (new(service, "limit=100"), new(service, "limit=3", "types=organizations"), new(service, "limit=10", "types=organizations,meetings&provinceId=thai-binh"));
            copies = [whole, ofTypes, ofProvince, new(service, "limit=1000"), new(service, "limit=7", "types=organizations,provinces")];
        }

        public static async Task<World> Begin()
        {
            var service = await Guarded.Start();
            return new(service, await service.Key());
        }

        public Task Do(int what, int which)
        {
            var copy = copies[which % copies.Length];
            return what switch
            {
                < 30 => Put(which),
                < 38 => Write("DELETE", $"organizations/{Id(which)}", null, "If-Match: *"),
                < 44 => Import(which),
                < 47 => Write("POST", $"organizations/{Id(which)}/merge-into/{Id(which / 20)}"),
                < 48 => Write("POST", $"organizations/{Id(which)}/redact", new JsonObject { ["reason"] = "Dữ liệu cá nhân" }),
                < 52 => Task.WhenAll(Put(which), Put(which + 1), Put(which + 2), Import(which + 3), copy.Step()),
                < 80 => copy.Step(),
                < 86 => copy.Step(isLost: true),
                < 90 => Task.Run(copy.Crash),
                < 92 => Task.Run(() => service.Clock.Pass(TimeSpan.FromHours(which % 2 == 0 ? 1 : -1))),
                < 93 => service.Restart(),
                < 95 => BackUp(),
                < 97 => Restore(which),
                _ => copy.Follow(),
            };
        }

        /// <summary>All follow to the head, and have then what there is.</summary>
        public async Task IsInStep()
        {
            foreach (var copy in copies)
            {
                await copy.Follow();
                if (copy != ofProvince)
                    await copy.IsTheRecord();
            }
            ofProvince.IsThePartOf(whole, ["organizations", "meetings"], "thai-binh");
        }

        public ValueTask DisposeAsync() => service.DisposeAsync();

        private static string Id(int which) => $"to-chuc-{which % 20}";

        private static JsonObject Record(int which)
        {
            var record = EditTests.Organization($"Tổ chức {which}");
            record["provinceId"] = Provinces[which / 20 % Provinces.Length];
            return record;
        }

        private Task Put(int which) => Write("PUT", $"organizations/{Id(which)}", Record(which));

        /// <summary>Many records in one transaction, which may be larger than anybody's page.</summary>
        private Task Import(int which) => Write("POST", "imports", new JsonObject
        {
            ["organizations"] = new JsonArray([.. Enumerable.Range(which, 1 + which % 20).Select(number =>
            {
                var record = Record(number);
                record["id"] = Id(number);
                return record;
            })]),
        });

        /// <summary>Writes, or is refused: what was merged is gone for good, and two may want the same.</summary>
        private async Task Write(string method, string address, JsonNode? body = null, string? condition = null)
        {
            if (method == "PUT")
                condition = await service.Status($"/v1/{address}") == 200 ? "If-Match: *" : "If-None-Match: *";
            using var answer = await service.Send(method, $"/v1/{address}", key, body, condition is null ? [] : [condition]);
            Assert.True((int)answer.StatusCode is >= 200 and < 300 or 400 or 404 or 409 or 410 or 412, await answer.Text());
        }

        private async Task BackUp()
        {
            backups.Add(service.Path($"backup-{backups.Count}.db"));
            await service.BackUp(backups[^1]);
        }

        /// <summary>Puts an older state of the store in its place, as an operator would who knows no verb for it. Now and then its fence is lost as well.</summary>
        private async Task Restore(int which)
        {
            if (backups.Count == 0)
                return;
            await service.Restart(() =>
            {
                foreach (var log in (string[])["-wal", "-shm"])
                    File.Delete(service.StorePath + log);
                File.Copy(backups[which % backups.Count], service.StorePath, overwrite: true);
                if (which % 3 == 0)
                    File.Delete(service.StorePath + ".fence");
            });
        }
    }
}
