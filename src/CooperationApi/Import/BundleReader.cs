using System.Text.Json;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Resources;

namespace CooperationApi.Import;

/// <summary>
/// Reads bundles: `{ "sources": [ … ], "meetings": [ … ], … }`, one list of whole records per resource. Finds all faults, each with its pointer.
/// </summary>
internal sealed partial class BundleReader(Catalog catalog)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Wire.Json.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The records in the order in which they are to go in, and where each stood; or none, and faults.</summary>
    public IReadOnlyList<BundledRecord> Read(Stream json, ICollection<Fault> faults)
    {
        try
        {
            using var bundle = JsonDocument.Parse(json, Strict);
            if (bundle.RootElement.ValueKind != JsonValueKind.Object)
                throw new JsonException("A bundle is an object with one list per resource.");
            foreach (var unknown in bundle.RootElement.EnumerateObject().Where(list => catalog.Find(list.Name) is null))
                faults.Add(Fault.NotAmong("unknown_resource", unknown.Name, catalog.Types) with { Pointer = "/" + unknown.Name });
            return [.. catalog.All.SelectMany(resource => bundle.RootElement.TryGetProperty(resource.Type, out var list) ? Records(resource, list, faults) : [])];
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            faults.Add(new("invalid_json", exception.Message) { Pointer = "" });
            return [];
        }
    }

    private static List<BundledRecord> Records(Resource resource, JsonElement list, ICollection<Fault> faults)
    {
        var records = new List<BundledRecord>();
        if (list.ValueKind != JsonValueKind.Array)
        {
            faults.Add(new("invalid_json", "A list is expected.") { Pointer = "/" + resource.Type });
            return records;
        }
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, json) in list.EnumerateArray().Index())
        {
            var pointer = $"/{resource.Type}/{i}";
            try
            {
                var record = resource.Parse(json);
                foreach (var failure in resource.Validate(record))
                    faults.Add(FaultOf(failure, pointer));
                if (!ids.Add(record.Id))
                    faults.Add(new("repeated_id", record.Id) { Pointer = pointer + "/id" });
                records.Add(new(resource, record, pointer));
            }
            catch (Exception exception) when (IsUnreadable(exception))
            {
                faults.Add(Unreadable(exception, resource) with { Pointer = pointer + PointerOf((exception as JsonException)?.Path?.TrimStart('$')) });
            }
        }
        return records;
    }

    /// <summary>A broken rule as a fault. A rule without wording of its own speaks for itself.</summary>
    private static Fault FaultOf(FluentValidation.Results.ValidationFailure failure, string pointer) =>
        (failure.CustomState is object[] values ? new Fault(failure.ErrorCode, values) : new Fault("invalid", failure.ErrorMessage))
            with
        { Pointer = pointer + PointerOf("." + failure.PropertyName) };

    /// <summary>What the reader says, in words for whoever wrote the JSON: its own speak of this program's insides.</summary>
    private static Fault Unreadable(Exception exception, Resource resource)
    {
        var said = exception.Message.Split(" Path: ")[0];
        var named = Named().Matches(said).Select(name => name.Groups[1].Value).ToList();
        if (said.Contains("could not be mapped", StringComparison.Ordinal))
            return new Fault("unknown_member", named[0]) { Suggestion = Nearest.To(named[0], resource.Members) };
        if (said.Contains("missing required", StringComparison.Ordinal))
            return new("members_missing", string.Join(", ", named.Skip(1)));
        if (said.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return new("wrong_type");
        return new("invalid_json", said);
    }

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Named();

    // Half of a surrogate pair is told by the reader as an operation that is not valid.
    private static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;

    /// <summary>`.citations[0].quote` as `/citations/0/quote`.</summary>
    private static string PointerOf(string? path) =>
        (path ?? "").Replace("].", "/", StringComparison.Ordinal).Replace(']', '/').Replace('.', '/').Replace('[', '/').TrimEnd('/');
}

/// <summary>A record of a bundle, its resource, and where it stood.</summary>
internal sealed record BundledRecord(Resource Resource, Record Record, string Pointer);
