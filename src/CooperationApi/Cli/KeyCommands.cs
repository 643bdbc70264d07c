using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Features.ApiKeys;
using CooperationApi.Http.Problems;
using CooperationApi.Text;

namespace CooperationApi.Cli;

/// <summary>
/// `keys add|list|revoke|rotate`. A new key stands alone on standard output, so that a program can take it from there. What is done holds at once for a
/// service that runs on the same store.
/// </summary>
internal static class KeyCommands
{
    private const string Actor = "command line";

    private static readonly Dictionary<string, string> OptionByMember = new() { ["name"] = "--name", ["provinceIds"] = "--provinces", ["expiresAt"] = "--expires", ["gracePeriodDays"] = "--grace-period" };

    /// <summary>The verb with its own verbs.</summary>
    public static Command CreateCommand(IServiceProvider services) =>
        new("keys", "Who may write, and where reading takes a key, who may read.") { CreateAddCommand(services), CreateListCommand(services), CreateRevokeCommand(services), CreateRotateCommand(services) };

    private static Command CreateAddCommand(IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var name = new Option<string>("--name") { Description = "Who is to hold it: a person, an office, a program.", Required = true, HelpName = "NAME" };
        var role = new Option<Role>("--role") { Description = "Reader, Editor (adds and corrects records) or Admin (makes keys too).", Required = true, HelpName = "ROLE" };
        role.AcceptOnlyFromAmong(Enum.GetNames<Role>());
        var provinces = new Option<string[]>("--provinces") { Description = "Of an Editor: the provinces whose records may be written, by id, with commas between. Without it, all.", HelpName = "a,b", CustomParser = SplitList };
        var expires = new Option<DateTimeOffset?>("--expires") { Description = "The day on which it ends (2027-01-01), or in how many days (90d). Without it, never.", HelpName = "DAY|90d", CustomParser = result => ParseExpiry(result, time) };
        var command = new Command("add", "Makes a key and prints it, this once.") { name, role, provinces, expires };
        command.SetAction((parsed, cancel) => Run(async () =>
        {
            var request = new NewKey
            {
                Name = parsed.GetRequiredValue(name),
                Role = parsed.GetRequiredValue(role),
                ProvinceIds = parsed.GetValue(provinces) ?? [],
                ExpiresAt = parsed.GetValue(expires)?.ToIso(),
            };
            await PrintNewKey(await services.GetRequiredService<ApiKeyIssuer>().Create(request, Actor, cancel));
        }));
        return command;
    }

    private static Command CreateListCommand(IServiceProvider services)
    {
        var command = new Command("list", "Lists all keys, without their secrets.");
        command.SetAction((_, cancel) => Run(async () =>
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var keys = await services.GetRequiredService<ApiKeyStore>().ReadAll(cancel);
            string[][] rows =
            [
                ["ID", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME", "PROVINCES"],
                .. keys.OrderBy(key => key.CreatedAt, StringComparer.Ordinal).Select(key => (string[])
                    [key.Id, key.Role, key.GetStateAt(now).ToString(), FormatMinute(key.CreatedAt), FormatMinute(key.ExpiresAt), FormatMinute(key.LastUsedAt), key.Name, key.Provinces.Length == 0 ? "-" : key.Provinces]),
            ];
            var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
            foreach (var row in rows)
                Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }));
        return command;
    }

    private static Command CreateRevokeCommand(IServiceProvider services)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, which stands in the key itself too." };
        var command = new Command("revoke", "Revokes a key. It is refused from the next request on.") { id };
        command.SetAction((parsed, cancel) => Run(async () =>
        {
            var key = parsed.GetRequiredValue(id);
            await services.GetRequiredService<ApiKeyIssuer>().Revoke(key, protectLastAdmin: false, Actor, cancel);
            await Console.Error.WriteLineAsync($"Revoked {key}.");
            if (await services.GetRequiredService<ApiKeyStore>().IsLastAdmin(key, cancel))
                await Console.Error.WriteLineAsync("No living key is an Admin's now: keys are made from the command line alone.");
        }));
        return command;
    }

    private static Command CreateRotateCommand(IServiceProvider services)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, which stands in the key itself too." };
        var gracePeriod = new Option<int>("--grace-period") { Description = "For how many days the old key still works: 7d without it, 0d for not at all.", HelpName = "7d", CustomParser = ParseDays, DefaultValueFactory = _ => 7 };
        var command = new Command("rotate", "Exchanges a key for a new one and prints that, this once.") { id, gracePeriod };
        command.SetAction((parsed, cancel) => Run(async () =>
        {
            var rotation = new KeyRotation { GracePeriodDays = parsed.GetValue(gracePeriod) };
            await PrintNewKey(await services.GetRequiredService<ApiKeyIssuer>().Rotate(parsed.GetRequiredValue(id), rotation, Actor, cancel));
            await Console.Error.WriteLineAsync($"The old one works for {rotation.GracePeriodDays} day(s) more.");
        }));
        return command;
    }

    private static async Task<int> Run(Func<Task> action)
    {
        try
        {
            await action();
            return Cli.Success;
        }
        catch (ProblemException problem) when (problem.Errors.Count > 0)
        {
            foreach (var error in problem.Errors.Select(error => error.ToProblemError(Language.English)))
                await Console.Error.WriteLineAsync($"{OptionByMember.GetValueOrDefault(error.Pointer!.Split('/')[1], error.Pointer)}: {error.Detail}");
            return Cli.UsageError;
        }
        catch (ProblemException problem)
        {
            await Console.Error.WriteLineAsync(ProblemMessages.GetProblemDetail(Language.English, problem.Code, problem.Arguments));
            return Cli.Failure;
        }
    }

    private static async Task PrintNewKey(CreatedKey createdKey)
    {
        await Console.Error.WriteLineAsync($"{createdKey.Key.Id}: {createdKey.Key.Role}, {createdKey.Key.Name}; {(createdKey.Key.ExpiresAt is { } expiresAt ? $"until {expiresAt}" : "without end")}. The key is shown this once:");
        Console.WriteLine(createdKey.Secret);
    }

    private static string FormatMinute(string? timestamp) => timestamp is null ? "-" : timestamp[..16] + "Z";

    private static string[] SplitList(ArgumentResult result) => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))];

    private static int ParseDays(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days < 10_000)
            return days;
        result.AddError($"'{text}' is no number of days such as 7d.");
        return 0;
    }

    private static DateTimeOffset? ParseExpiry(ArgumentResult result, TimeProvider time)
    {
        if (!DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return time.GetUtcNow().AddDays(ParseDays(result));
        return new(day.ToDateTime(default), VietnamTime.Offset);
    }
}
