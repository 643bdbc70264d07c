using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Resources;

namespace CooperationApi.Import;

/// <summary>
/// Reads bundles: `{ "sources": [ … ], "meetings": [ … ], … }`, one list of whole records per resource. Finds all faults, each with its pointer.
/// </summary>
internal sealed class BundleReader(Catalog catalog)
{
    /// <summary>The records in the order in which they are to go in, and where each stood; or none, and faults.</summary>
    public IReadOnlyList<BundledRecord> Read(Stream json, ICollection<Fault> faults)
    {
        try
        {
            using var bundle = JsonDocument.Parse(json, Shape.Strict);
            if (bundle.RootElement.ValueKind != JsonValueKind.Object)
                throw new JsonException("A bundle is an object with one list per resource.");
            foreach (var unknown in bundle.RootElement.EnumerateObject().Where(list => catalog.Find(list.Name) is null))
                faults.Add(Fault.NotAmong("unknown_resource", unknown.Name, catalog.Types) with { Pointer = "/" + unknown.Name });
            return [.. catalog.All.SelectMany(resource => bundle.RootElement.TryGetProperty(resource.Type, out var list) ? Records(resource, list, faults) : [])];
        }
        catch (Exception exception) when (Shape.IsUnreadable(exception))
        {
            faults.Add(Shape.Unreadable(exception));
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
                    faults.Add(Rules.FaultOf(failure, pointer));
                if (!ids.Add(record.Id))
                    faults.Add(new("repeated_id", record.Id) { Pointer = pointer + "/id" });
                records.Add(new(resource, record, pointer));
            }
            catch (Exception exception) when (Shape.IsUnreadable(exception))
            {
                foreach (var fault in Shape.FaultsOf(json, resource.RecordType, exception, pointer))
                    faults.Add(fault);
            }
        }
        return records;
    }
}

/// <summary>A record of a bundle, its resource, and where it stood.</summary>
internal sealed record BundledRecord(Resource Resource, Record Record, string Pointer);
