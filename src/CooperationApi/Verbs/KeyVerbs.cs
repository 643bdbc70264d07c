using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Keys;

namespace CooperationApi.Verbs;

/// <summary>
/// `keys add|list|revoke|rotate`. A new key stands alone on standard output, so that a program can take it from there. What is done holds at once for a
/// service that runs on the same store.
/// </summary>
internal static class KeyVerbs
{
    private const string Actor = "command line";

    // Days begin where the provinces are.
    private static readonly TimeSpan VietnamOffset = TimeSpan.FromHours(7);

    private static readonly Dictionary<string, string> OptionOfMember = new() { ["name"] = "--name", ["provinceIds"] = "--provinces", ["expiresAt"] = "--expires", ["overlapDays"] = "--overlap" };

    /// <summary>The verb with its own verbs.</summary>
    public static Command Keys(IServiceProvider services) =>
        new("keys", "Who may write, and where reading takes a key, who may read.") { Add(services), List(services), Revoke(services), Rotate(services) };

    private static Command Add(IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var name = new Option<string>("--name") { Description = "Who is to hold it: a person, an office, a program.", Required = true, HelpName = "NAME" };
        var role = new Option<Role>("--role") { Description = "Reader, Editor (adds and corrects records) or Admin (makes keys too).", Required = true, HelpName = "ROLE" };
        role.AcceptOnlyFromAmong(Enum.GetNames<Role>());
        var provinces = new Option<string[]>("--provinces") { Description = "Of an Editor: the provinces whose records may be written, by id, with commas between. Without it, all.", HelpName = "a,b", CustomParser = Words };
        var expires = new Option<DateTimeOffset?>("--expires") { Description = "The day on which it ends (2027-01-01), or in how many days (90d). Without it, never.", HelpName = "DAY|90d", CustomParser = result => Expiry(result, time) };
        var command = new Command("add", "Makes a key and prints it, this once.") { name, role, provinces, expires };
        command.SetAction((parsed, cancel) => Do(async () =>
        {
            var wanted = new NewKey
            {
                Name = parsed.GetRequiredValue(name),
                Role = parsed.GetRequiredValue(role),
                ProvinceIds = parsed.GetValue(provinces) ?? [],
                ExpiresAt = parsed.GetValue(expires)?.ToIso(),
            };
            await Show(await services.GetRequiredService<KeyDesk>().Make(wanted, Actor, cancel));
        }));
        return command;
    }

    private static Command List(IServiceProvider services)
    {
        var command = new Command("list", "Lists all keys, without their secrets.");
        command.SetAction((_, cancel) => Do(async () =>
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var keys = await services.GetRequiredService<KeyStore>().All(cancel);
            string[][] rows =
            [
                ["ID", "ROLE", "STATE", "MADE", "EXPIRES", "USED", "NAME", "PROVINCES"],
                .. keys.OrderBy(key => key.MadeAt, StringComparer.Ordinal).Select(key => (string[])
                    [key.Id, key.Role, key.StateAt(now).ToString(), Minute(key.MadeAt), Minute(key.ExpiresAt), Minute(key.UsedAt), key.Name, key.Provinces.Length == 0 ? "-" : key.Provinces]),
            ];
            var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
            foreach (var row in rows)
                Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }));
        return command;
    }

    private static Command Revoke(IServiceProvider services)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, which stands in the key itself too." };
        var command = new Command("revoke", "Revokes a key. It is refused from the next request on.") { id };
        command.SetAction((parsed, cancel) => Do(async () =>
        {
            var key = parsed.GetRequiredValue(id);
            await services.GetRequiredService<KeyDesk>().Revoke(key, isLastAdminSpared: false, Actor, cancel);
            await Console.Error.WriteLineAsync($"Revoked {key}.");
            if (await services.GetRequiredService<KeyStore>().IsLastAdmin(key, cancel))
                await Console.Error.WriteLineAsync("No living key is an Admin's now: keys are made from the command line alone.");
        }));
        return command;
    }

    private static Command Rotate(IServiceProvider services)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, which stands in the key itself too." };
        var overlap = new Option<int>("--overlap") { Description = "For how many days the old key still works: 7d without it, 0d for not at all.", HelpName = "7d", CustomParser = Days, DefaultValueFactory = _ => 7 };
        var command = new Command("rotate", "Exchanges a key for a new one and prints that, this once.") { id, overlap };
        command.SetAction((parsed, cancel) => Do(async () =>
        {
            var rotation = new KeyRotation { OverlapDays = parsed.GetValue(overlap) };
            await Show(await services.GetRequiredService<KeyDesk>().Rotate(parsed.GetRequiredValue(id), rotation, Actor, cancel));
            await Console.Error.WriteLineAsync($"The old one works for {rotation.OverlapDays} day(s) more.");
        }));
        return command;
    }

    private static async Task<int> Do(Func<Task> work)
    {
        try
        {
            await work();
            return Verbs.Success;
        }
        catch (ProblemException problem) when (problem.Faults.Count > 0)
        {
            foreach (var fault in problem.Faults.Select(fault => fault.In(Language.English)))
                await Console.Error.WriteLineAsync($"{OptionOfMember.GetValueOrDefault(fault.Pointer!.Split('/')[1], fault.Pointer)}: {fault.Detail}");
            return Verbs.Misused;
        }
        catch (ProblemException problem)
        {
            await Console.Error.WriteLineAsync(Wording.ProblemDetail(Language.English, problem.Code, problem.Values));
            return Verbs.Failed;
        }
    }

    private static async Task Show(MadeKey made)
    {
        await Console.Error.WriteLineAsync($"{made.Key.Id}: {made.Key.Role}, {made.Key.Name}; {(made.Key.ExpiresAt is { } end ? $"until {end}" : "without end")}. The key is shown this once:");
        Console.WriteLine(made.Secret);
    }

    private static string Minute(string? moment) => moment is null ? "-" : moment[..16] + "Z";

    private static string[] Words(ArgumentResult result) => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))];

    private static int Days(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days < 10_000)
            return days;
        result.AddError($"'{text}' is no number of days such as 7d.");
        return 0;
    }

    private static DateTimeOffset? Expiry(ArgumentResult result, TimeProvider time)
    {
        if (!DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return time.GetUtcNow().AddDays(Days(result));
        return new(day.ToDateTime(default), VietnamOffset);
    }
}
