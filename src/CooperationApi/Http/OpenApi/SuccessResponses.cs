using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>The components of the responses of success, with their headers and examples.</summary>
internal static class SuccessResponses
{
    // A record can have dozens of citations; three show their form.
    private const int MaxExampleCitations = 3;

    /// <summary>Adds the response of success of an operation. Equal responses share a component.</summary>
    public static OpenApiResponseReference Add(OperationDescription operation, OpenApiDocument document,
        DocumentFilterContext context)
    {
        var (name, createExample) = operation.Example;
        if (!document.Components!.Responses!.ContainsKey(name))
        {
            var content = operation.OtherContent.ToDictionary(media => media.Key,
                media => new OpenApiMediaType { Schema = SharedComponents.CreateContentSchema(media.Value, media.Key) });
            if (operation.ResponseType is { } responseType)
            {
                var examples = new Dictionary<string, IOpenApiExample>();
                if (createExample() is { } exampleNode)
                {
                    document.Components.Examples![name] = operation.RequiredRole is null
                        ? ShortenExample(exampleNode)
                        : new OpenApiExample { Summary = "Fictitious data.", Value = exampleNode };
                    examples[operation.RequiredRole is null ? "seed" : "fictitious"] = new OpenApiExampleReference(name, document);
                }
                content["application/json"] = new()
                {
                    Schema = context.SchemaGenerator.GenerateSchema(responseType, context.SchemaRepository),
                    Examples = examples,
                };
            }
            if (operation.SupportsFileFormats)
                FileFormatSchemas.AddTo(content, document);
            document.Components.Responses[name] = new OpenApiResponse
            {
                Description = operation.SupportsFileFormats
                    ? FileFormatSchemas.Description
                    : operation.IsPage ? "A page of the list."
                    : content.Count == 0 ? "No content." : operation.SuccessStatus == 201 ? "Created." : "OK.",
                Headers = SharedComponents.CreateHeaderReferences(document, GetHeaders(operation)),
                Content = content,
            };
        }
        return new(name, document);
    }

    /// <summary>Adds the response to a request that created a record: the response of success with the URL of the record.</summary>
    public static OpenApiResponseReference AddCreated(OperationDescription operation, OpenApiDocument document)
    {
        var name = "Created" + operation.Example.Name;
        document.Components!.Responses!.TryAdd(name, new OpenApiResponse
        {
            Description = "Created. The body is empty if the request has `Prefer: return=minimal`.",
            Headers = SharedComponents.CreateHeaderReferences(document, [.. GetHeaders(operation), "Location", "Preference-Applied"]),
            Content = document.Components.Responses![operation.Example.Name].Content,
        });
        return new(name, document);
    }

    private static List<string> GetHeaders(OperationDescription operation)
    {
        List<string> headers = [.. SharedComponents.CommonHeaders, .. operation.OtherResponseHeaders];
        if (!operation.IsRateLimited)
            headers.RemoveAll(header => header.StartsWith("RateLimit", StringComparison.Ordinal));
        if (operation.SupportsNotModified || operation.ReturnsSavedRecord)
            headers.Add("ETag");
        if (operation.SuccessStatus == StatusCodes.Status201Created)
            headers.Add("Location");
        if (operation.IsPage)
            headers.Add("Link");
        if (operation.SupportsFileFormats)
            headers.AddRange(FileFormatSchemas.Headers);
        return headers;
    }

    /// <summary>
    /// Removes all but the first <see cref="MaxExampleCitations"/> citations of each record; the summary states the omission.
    /// </summary>
    private static OpenApiExample ShortenExample(JsonNode example)
    {
        var isShortened = false;
        foreach (var record in (example["items"] as JsonArray)?.OfType<JsonObject>() ?? [example.AsObject()])
        {
            if (record["citations"] is not JsonArray { Count: > MaxExampleCitations } citations)
                continue;
            citations.RemoveRange(MaxExampleCitations, citations.Count - MaxExampleCitations);
            isShortened = true;
        }
        return new() { Summary = isShortened ? "From the seed data; some citations are omitted." : "From the seed data.", Value = example };
    }
}
