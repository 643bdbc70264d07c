using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Document;

/// <summary>What `expand` sends along, as members of the schemas: only in answers, and only when asked for.</summary>
internal static class ExpandedMembers
{
    /// <summary>Adds the members to the schemas of all records.</summary>
    public static void Add(OpenApiDocument document, Catalog catalog)
    {
        foreach (var resource in catalog.All)
        {
            foreach (var step in Step.From(resource))
            {
                var isList = step.NamedIn is not null || step.Member!.EndsWith("[]", StringComparison.Ordinal);
                var holder = Schema(resource.RecordType.Name);
                var name = step.Name;
                if (name.Split('.') is [var list, var inner])
                    (holder, name) = (Schema(((OpenApiSchemaReference)holder.Properties![list].Items!).Reference.Id!), inner);
                holder.Properties![name] = Described(new(catalog[step.Type].RecordType.Name, document), isList, step);
            }
        }

        OpenApiSchema Schema(string name) => (OpenApiSchema)document.Components!.Schemas![name];
    }

    private static OpenApiSchema Described(OpenApiSchemaReference record, bool isList, Step step) => new()
    {
        Description = step.NamedIn is null
            ? $"The {(isList ? "records" : "record")} named beside this. Only in an answer to `expand={step.Name}`."
            : $"The {step.Type.Replace('-', ' ')} of the record, as its list has them. Only in an answer to `expand={step.Name}`.",
        ReadOnly = true,
        Type = isList ? JsonSchemaType.Array : null,
        Items = isList ? record : null,
        MaxItems = isList ? Expansion.MostRecords : null,
        AllOf = isList ? null : [record],
    };
}
