using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Features.Records;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;
using Dapper;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Citations;

/// <summary>`PUT /v1/sources/{id}/text`: stores the text of a source, against which writes check quotes. No response contains it.</summary>
internal sealed class SourceTextEndpoint(Database database, SourceCitationReader citations, ResourceCatalog catalog, SeedData seedData)
{
    /// <summary>The maximum size of a text in bytes.</summary>
    public const int MaxBytes = 10_000_000;

    private const string ResourceType = ResourceTypes.Sources, TextMediaType = "text/plain";

    // Each search reads the whole text.
    private const int MaxSearchedQuotes = 20;

    private readonly Resource sourceResource = catalog[ResourceType];

    /// <summary>Describes the route.</summary>
    public OperationDescription Describe() => new("replaceSourceText", ResourceType, "Create or replace the text of a source.",
        "Stores the text in Unicode form NFC (Normalization Form C). From then on, every quote of the source must match the text at its "
        + "offsets. The text is never published, neither by reads nor by search. The service sets `sha256` and `length` of the source "
        + "from the text. If the source has these members before its first text is stored, the text must match them. A text that does not "
        + "match an existing quote is rejected; the 409 response lists the quotes.")
    {
        ResponseType = typeof(Source),
        Example = (nameof(Source), () => seedData.GetExample(sourceResource)),
        AlternativeBodies = new Dictionary<string, OpenApiMediaType>
        {
            [TextMediaType] = new()
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", MinLength = 1, MaxLength = MaxBytes },
                Example = "Toàn văn của nguồn.",
            },
        },
        GetParameters = () => WriteParameters.All,
        PathParameters = [PathParameter.RecordId(sourceResource.RemovalExample)],
        OtherStatuses = [409, 410],
        ReturnsSavedRecord = true,
    };

    /// <summary>Creates or replaces the text of a source.</summary>
    public async Task<IResult> Put(HttpContext context)
    {
        var caller = Caller.Find(context)!;
        var isDryRun = WriteParameters.ReadIsDryRun(context.Request);
        var id = context.GetRecordId(ResourceType);
        var text = await ReadText(context);
        var result = await database.Write(caller.Name, writer => ReplaceText(writer, caller, id, text, context.RequestAborted),
            context.RequestAborted, commit: !isDryRun);
        return new RecordResult(ResourceType, id, isDryRun, result);
    }

    private static async Task<SourceText> ReadText(HttpContext context)
    {
        var bytes = new MemoryStream();
        await RequestBody.OpenStream(context, TextMediaType).CopyToAsync(bytes, context.RequestAborted);
        try
        {
            var text = SourceText.Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            // Databases end a text at a NUL character.
            return text.Length > 0 && !text.Text.Contains('\0', StringComparison.Ordinal)
                ? text
                : throw InvalidText;
        }
        // `Normalize` rejects U+FFFE; a DecoderFallbackException reports bytes that are not UTF-8.
        catch (ArgumentException)
        {
            throw InvalidText;
        }
    }

    private static ProblemException InvalidText => ProblemException.InvalidRequest([new("invalid_source_text") { Pointer = "" }]);

    private async Task ReplaceText(RecordWriter writer, Caller caller, string id, SourceText text, CancellationToken cancel)
    {
        var connection = writer.Connection;
        var storedRecord =
            await Database.FindRecord(connection, ResourceType, id) ?? throw await Tombstone.CreateProblem(connection, ResourceType, id);
        var source = (Source)sourceResource.Deserialize(storedRecord.Body);
        var storedSha256 = await connection.QuerySingleOrDefaultAsync<string>("SELECT sha256 FROM source_text WHERE row_id = @RowId",
            new { storedRecord.RowId });
        // Without a stored text, the hash and length that the record states apply to the new text.
        if (storedSha256 is null && (source.Sha256 ?? text.Sha256, source.Length ?? text.Length) != (text.Sha256, text.Length))
            throw ProblemException.InvalidRequest(
                [new("source_text_conflict", text.Sha256, text.Length, source.Sha256 ?? "", source.Length ?? 0) { Pointer = "" }]);
        var upsert = sourceResource.ToUpsert(source with { Sha256 = text.Sha256, Length = text.Length });
        caller.EnsureCanWriteRecord(sourceResource, storedRecord, upsert);
        var quotes = await ReadMatchingQuotes(id, text, cancel);
        if (storedSha256 != text.Sha256)
            writer.StoreText(storedRecord.RowId, text.Sha256, text.Length, text.Text, quotes);
        writer.Apply(upsert, storedRecord);
    }

    /// <summary>Returns the existing quotes of a source. Throws 409 with the mismatches if a quote does not match the text.</summary>
    private async Task<List<LocatedQuote>> ReadMatchingQuotes(string id, SourceText text, CancellationToken cancel)
    {
        var (quotes, mismatches) = (new List<LocatedQuote>(), new RequestErrors());
        await citations.VisitAll(id, (rowId, citation) =>
        {
            if (citation.Citation.Quote is not { } quote)
                return;
            if (text.Contains(citation.Citation, out var passage))
            {
                quotes.Add(new(rowId, citation.Ordinal, citation.Citation.Start!.Value, quote));
                return;
            }
            var (code, arguments) = citation.Citation is not { Start: { } start, End: { } end }
                ? ("quote_offsets_missing", [])
                : mismatches.Count < MaxSearchedQuotes
                    ? QuoteSearch.DescribeMismatch(text.Text, id, quote, start, end, passage)
                    : ("quote_mismatch", [start, end, passage]);
            mismatches.Add(new RequestError(code, arguments)
            {
                Record = $"{citation.Type}/{citation.Id}",
                Pointer = $"/citations/{citation.Ordinal}/quote",
            });
        }, cancel);
        if (mismatches.Count > 0)
            throw new ProblemException(409, "quote_mismatch", ResourceType, id, mismatches.Count)
            {
                Errors = mismatches.First,
                ErrorCount = mismatches.Count,
            };
        return quotes;
    }
}
