using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Text;

namespace CooperationApi.Features.Records;

/// <summary>Reads the path of a record.</summary>
internal static class RecordRoute
{
    /// <summary>Returns the id of a record from the path. Throws 404 if it is not a slug: no record can have it.</summary>
    public static string GetRecordId(this HttpContext context, string type, string name = PathParameter.RecordIdName)
    {
        var id = context.GetPathParameter(name);
        return Slug.IsSlug(id) ? id : throw new ProblemException(404, "record_not_found", type, id) { Suggestion = Slug.FromText(id) };
    }
}
