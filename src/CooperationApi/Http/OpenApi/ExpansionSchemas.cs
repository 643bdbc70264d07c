using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Http.OpenApi;

/// <summary>Describes the members that `expand` adds to records in responses.</summary>
internal static class ExpansionSchemas
{
    /// <summary>Adds the members to the schemas of all resources.</summary>
    public static void AddTo(OpenApiDocument document, ResourceCatalog catalog)
    {
        foreach (var resource in catalog.All)
        {
            foreach (var step in ExpansionStep.FromResource(resource))
            {
                var isList = step.ReferencingMembers is not null || step.Member!.EndsWith("[]", StringComparison.Ordinal);
                var ownerSchema = GetSchema(resource.RecordType.Name);
                var name = step.Name;
                if (name.Split('.') is [var list, var member])
                    (ownerSchema, name) = (GetSchema(((OpenApiSchemaReference)ownerSchema.Properties![list].Items!).Reference.Id!), member);
                ownerSchema.Properties![name] = CreateMemberSchema(new(catalog[step.Type].RecordType.Name, document), isList, step);
                if (step.AddsLinks)
                    ownerSchema.Properties["link"] = CreateLinkSchema(step);
            }
        }

        OpenApiSchema GetSchema(string name) => (OpenApiSchema)document.Components!.Schemas![name];
    }

    private static OpenApiSchema CreateLinkSchema(ExpansionStep step) => new()
    {
        Description = "The URL of the source with a text directive, so that a browser opens it at the quote; the URL alone for a citation "
            + "without a quote; absent if the source has no URL. Not part of the saved record. Present only in responses to "
            + $"`expand={step.Name}`.",
        ReadOnly = true,
        Type = JsonSchemaType.String,
        Pattern = Patterns.Text,
        MinLength = 1,
        MaxLength = Limits.MaxLinkLength,
    };

    private static OpenApiSchema CreateMemberSchema(OpenApiSchemaReference recordSchema, bool isList, ExpansionStep step) => new()
    {
        Description = step.ReferencingMembers is null
            ? $"The referenced {(isList ? "records" : "record")}. Present only in responses to `expand={step.Name}`."
            : $"The {step.Type.Replace('-', ' ')} of the record, in the same form as in the list under the URL of the record. Present "
                + $"only in responses to `expand={step.Name}`.",
        ReadOnly = true,
        Type = isList ? JsonSchemaType.Array : null,
        Items = isList ? recordSchema : null,
        MaxItems = isList ? ExpansionSize.MaxRecords : null,
        AllOf = isList ? null : [recordSchema],
    };
}
