using CooperationApi.Faults;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Import;

/// <summary>Takes bundles into the record, each all or nothing.</summary>
internal sealed class Importer(BundleReader reader)
{
    /// <summary>Imports several bundles as one, or throws all of their faults at once. What is there already, equal, takes no number.</summary>
    public async Task<Written> Import(Database database, IEnumerable<Stream> bundles, string actor, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var records = bundles.SelectMany(bundle => reader.Read(bundle, faults)).ToList();
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        try
        {
            return await database.Write(actor, _ => records.Select(Receipt (record) => record.Resource.Change(record.Record)).ToAsyncEnumerable(), cancel);
        }
        catch (DanglingReferencesException dangling)
        {
            var pointers = records.ToLookup(record => (record.Resource.Type, record.Record.Id), record => record.Pointer);
            throw ProblemException.Invalid(dangling.Faults(reference => pointers[(reference.Type, reference.Id)].First()));
        }
    }

    /// <summary>Fills a new store with the founding content, which is part of the program.</summary>
    public async Task Seed(Database database)
    {
        var bundles = FoundingContent.Open().ToList();
        try
        {
            await Import(database, bundles, "seed", CancellationToken.None);
        }
        finally
        {
            bundles.ForEach(bundle => bundle.Dispose());
        }
    }
}
