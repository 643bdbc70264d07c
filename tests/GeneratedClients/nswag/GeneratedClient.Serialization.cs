using System.Text.Json;
using System.Text.Json.Serialization;

namespace CooperationApi.Generated;

public partial class GeneratedClient
{
    /// <summary>Omits members without a value from requests.</summary>
    // By default, NSwag sends these members as null. In a patch, null removes a member.
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
