using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Features.ApiKeys;
using CooperationApi.Features.Import;
using CooperationApi.Http.Problems;
using CooperationApi.Text;

namespace CooperationApi.Cli;

/// <summary>
/// The commands `keys add|list|revoke|rotate`. A new key is printed alone on standard output, so that a script can capture it. Changes take
/// effect at once in a service that runs on the same store.
/// </summary>
internal static class KeyCommands
{
    private const string Actor = "command line";

    private static readonly Dictionary<string,
        string> OptionByMember = new()
        {
            ["name"] = "--name",
            ["provinceIds"] = "--provinces",
            ["expiresAt"] = "--expires",
            ["gracePeriodDays"] = "--grace-period",
        };

    /// <summary>Creates the command `keys` with its subcommands.</summary>
    public static Command CreateCommand(IServiceProvider services) =>
        new("keys", "Manages API keys for writing and, if anonymous reading is disabled, for reading.") { CreateAddCommand(services),
            CreateListCommand(services), CreateRevokeCommand(services), CreateRotateCommand(services) };

    private static Command CreateAddCommand(IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var name = new Option<string>("--name")
        {
            Description = "The holder of the key: a person, an office or a program.",
            Required = true,
            HelpName = "NAME",
        };
        var role = new Option<Role>("--role")
        {
            Description = "Reader, Editor (also writes records) or Admin (also manages API keys).",
            Required = true,
            HelpName = "ROLE",
        };
        role.AcceptOnlyFromAmong(Enum.GetNames<Role>());
        var provinces = new Option<string[]>("--provinces")
        {
            Description = "Editor only: ids of the provinces whose records the key may write, separated by commas, or '*' for all.",
            HelpName = "a,b",
            CustomParser = SplitList,
        };
        var expires = new Option<DateTimeOffset?>("--expires")
        {
            Description = "The expiry date (2027-01-01) or the days until expiry (90d). Default: no expiry.",
            HelpName = "DAY|90d",
            CustomParser = result => ParseExpiry(result, time),
        };
        var command =
            new Command("add", "Creates an API key and prints it. The key is shown only once.") { name, role, provinces, expires };
        command.SetAction((parsed, cancel) => Run(services, async () =>
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
        var command = new Command("list", "Lists all API keys without their secrets.");
        command.SetAction((_, cancel) => Run(services, async () =>
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var keys = await services.GetRequiredService<ApiKeyStore>().ReadAll(cancel);
            string[][] rows =
            [
                ["ID", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME", "PROVINCES"],
                .. keys.OrderBy(key => key.CreatedAt, StringComparer.Ordinal).Select(key => (string[])
                    [key.Id, key.Role, key.GetStateAt(now).ToString(), FormatMinute(key.CreatedAt), FormatMinute(key.ExpiresAt),
                        FormatMinute(key.LastUsedAt), key.Name, key.Provinces.Length == 0 ? "-" : key.Provinces]),
            ];
            var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
            foreach (var row in rows)
                Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }));
        return command;
    }

    private static Command CreateRevokeCommand(IServiceProvider services)
    {
        var id = new Argument<string>("ID") { Description = "The id of the key, which is also part of the key itself." };
        var command = new Command("revoke", "Revokes an API key with immediate effect.") { id };
        command.SetAction((parsed, cancel) => Run(services, async () =>
        {
            var key = parsed.GetRequiredValue(id);
            await services.GetRequiredService<ApiKeyIssuer>().Revoke(key, protectLastAdmin: false, Actor, cancel);
            await Console.Error.WriteLineAsync($"Revoked {key}.");
            if (await services.GetRequiredService<ApiKeyStore>().IsLastAdmin(key, cancel))
                await Console.Error.WriteLineAsync("No active Admin key is left; new keys can only be created from the command line.");
        }));
        return command;
    }

    private static Command CreateRotateCommand(IServiceProvider services)
    {
        var id = new Argument<string>("ID") { Description = "The id of the key, which is also part of the key itself." };
        var gracePeriod = new Option<int>("--grace-period")
        {
            Description = "The days until the old key expires (0d: at once). Default: 7d.",
            HelpName = "7d",
            CustomParser = ParseDays,
            DefaultValueFactory = _ => 7,
        };
        var command =
            new Command("rotate", "Replaces an API key with a new one and prints it. The key is shown only once.") { id, gracePeriod };
        command.SetAction((parsed, cancel) => Run(services, async () =>
        {
            var rotation = new KeyRotation { GracePeriodDays = parsed.GetValue(gracePeriod) };
            await PrintNewKey(
                await services.GetRequiredService<ApiKeyIssuer>().Rotate(parsed.GetRequiredValue(id), rotation, Actor, cancel));
            await Console.Error.WriteLineAsync($"The old key expires in {rotation.GracePeriodDays} day(s).");
        }));
        return command;
    }

    private static async Task<int> Run(IServiceProvider services, Func<Task> action)
    {
        try
        {
            await services.GetRequiredService<StoreInitializer>().Open();
            await action();
            return Cli.Success;
        }
        catch (ProblemException problem) when (problem.Errors.Count > 0)
        {
            foreach (var error in problem.Errors.Select(error => error.ToProblemError(Language.English)))
                await Console.Error.WriteLineAsync(
                    $"{OptionByMember.GetValueOrDefault(error.Pointer!.Split('/')[1], error.Pointer)}: {error.Detail}");
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
        await Console.Error.WriteLineAsync(
            $"{createdKey.Key.Id}: {createdKey.Key.Role}, {createdKey.Key.Name}; "
            + $"{(createdKey.Key.ExpiresAt is { } expiresAt ? $"expires {expiresAt}" : "no expiry")}. The key is shown only once:");
        Console.WriteLine(createdKey.Secret);
    }

    private static string FormatMinute(string? timestamp) => timestamp is null ? "-" : timestamp[..16] + "Z";

    private static string[] SplitList(ArgumentResult result) =>
        [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))];

    private static int ParseDays(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days < 10_000)
            return days;
        result.AddError($"'{text}' is not a valid number of days (expected e.g. 7d).");
        return 0;
    }

    private static DateTimeOffset? ParseExpiry(ArgumentResult result, TimeProvider time)
    {
        if (!DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return time.GetUtcNow().AddDays(ParseDays(result));
        return new(day.ToDateTime(default), VietnamTime.Offset);
    }
}
