using Microsoft.OpenApi;

namespace CooperationApi.Http.OpenApi;

/// <summary>
/// Creates the schemas of request bodies from those of responses. A response schema is open, because minor versions can add members. A
/// request schema is closed, because the service rejects unknown members; it has no read-only members.
/// </summary>
internal sealed class RequestSchemas(OpenApiDocument document)
{
    private readonly HashSet<string> responseSchemas = FindResponseSchemas(document);

    private readonly HashSet<string> created = [];

    private IDictionary<string, IOpenApiSchema> Components => document.Components!.Schemas!;

    /// <summary>Returns a reference to the closed schema of a request body: `MeetingInput`, or `Redaction` if no response has it.</summary>
    public OpenApiSchemaReference CreateInput(string name) =>
        AddComponent(responseSchemas.Contains(name) ? name + "Input" : name, name, isPatch: false);

    /// <summary>Returns a reference to the schema of a record in a request. Its id is optional: the path has it.</summary>
    public OpenApiSchemaReference CreateRecordInput(string name)
    {
        var reference = CreateInput(name);
        var schema = (OpenApiSchema)Components[reference.Reference.Id!];
        schema.Required = schema.Required!.Except(["id"]).ToHashSet();
        return reference;
    }

    /// <summary>
    /// Returns a reference to the schema of a JSON Merge Patch: `MeetingPatch` has all members of the record, with null for optional
    /// members. Nested objects are patched too; lists are replaced.
    /// </summary>
    public OpenApiSchemaReference CreatePatch(string name) => AddComponent(name + "Patch", name, isPatch: true);

    private OpenApiSchemaReference AddComponent(string name, string sourceName, bool isPatch, bool isNullable = false)
    {
        if (created.Add(name))
        {
            var source = Components[sourceName];
            var copy = (OpenApiSchema)source.CreateShallowCopy();
            // Registered before its members, so that a schema that contains itself ends.
            Components[name] = copy;
            copy.AdditionalPropertiesAllowed = false;
            copy.Properties = source.Properties!.Where(member => !member.Value.ReadOnly).ToDictionary(member => member.Key,
                member => isPatch ? PatchMember(member.Value, source.Required!.Contains(member.Key)) : CloseMember(member.Value));
            if (isPatch)
            {
                copy.Required = null;
                copy.Description = $"A JSON Merge Patch (RFC 7396) of {sourceName}. A value replaces the current value, "
                    + "null removes the member, and an absent member stays unchanged.";
            }
            if (isNullable)
                copy.Type |= JsonSchemaType.Null;
        }
        return new(name, document);
    }

    private IOpenApiSchema CloseMember(IOpenApiSchema member)
    {
        if (FindObject(member) is { } name)
            return Refer(CreateInput(name), member);
        if (member.Items is null || FindObject(member.Items) is not { } itemName)
            return member;
        var list = (OpenApiSchema)member.CreateShallowCopy();
        list.Items = CreateInput(itemName);
        return list;
    }

    private IOpenApiSchema PatchMember(IOpenApiSchema member, bool isRequired)
    {
        if (FindObject(member) is { } name)
            return Refer(AddComponent(name + "Patch", name, isPatch: true, isNullable: !isRequired), member);
        var patched = CloseMember(member);
        if (isRequired)
            return patched;
        if (FindReference(member) is not { } reference)
        {
            patched = patched.CreateShallowCopy();
            ((OpenApiSchema)patched).Type |= JsonSchemaType.Null;
            return patched;
        }
        // A reference cannot add null to the values of an enum.
        var nullableName = "Nullable" + reference;
        if (!Components.ContainsKey(nullableName))
        {
            var values = (OpenApiSchema)Components[reference].CreateShallowCopy();
            values.Type |= JsonSchemaType.Null;
            values.Enum = [.. values.Enum!, JsonNullSentinel.JsonNull];
            Components[nullableName] = values;
        }
        return Refer(new(nullableName, document), member);
    }

    /// <summary>Returns the name of the component if a member is an object.</summary>
    private string? FindObject(IOpenApiSchema member) =>
        FindReference(member) is { } name && Components[name].Properties is { Count: > 0 } ? name : null;

    private static string? FindReference(IOpenApiSchema member) =>
        ((member as OpenApiSchemaReference) ?? member.AllOf?.SingleOrDefault() as OpenApiSchemaReference)?.Reference.Id;

    /// <summary>Returns the names of all schemas that responses have, directly or as members.</summary>
    private static HashSet<string> FindResponseSchemas(OpenApiDocument document)
    {
        var names = new HashSet<string>();
        foreach (var content in document.Components!.Responses!.Values.SelectMany(response => response.Content?.Values ?? []))
            AddReferences(content.Schema);
        return names;

        void AddReferences(IOpenApiSchema? schema)
        {
            if (schema is OpenApiSchemaReference { Reference.Id: { } name })
            {
                if (names.Add(name))
                    AddReferences(document.Components!.Schemas![name]);
                return;
            }
            foreach (var part in (IEnumerable<IOpenApiSchema?>)
                [schema?.Items, .. schema?.AllOf ?? [], .. schema?.OneOf ?? [], .. schema?.Properties?.Values ?? []])
            {
                if (part is not null)
                    AddReferences(part);
            }
        }
    }

    private static OpenApiSchema Refer(OpenApiSchemaReference reference, IOpenApiSchema member) =>
        new() { AllOf = [reference], Description = member.Description };
}
