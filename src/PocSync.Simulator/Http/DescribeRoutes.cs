using System.Text.Json;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>describe and describeGlobal, with every key that recorded describes have. The schema does not change while the org runs.</summary>
internal sealed class DescribeRoutes(Org org)
{
    public ApiAnswer Global(ApiCall call) => ApiAnswer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteString("encoding", "UTF-8");
        w.WriteNumber("maxBatchSize", 200);
        w.WriteStartArray("sobjects");
        foreach (var schema in org.Schema.Objects.Where(o => !org.Settings.Hidden.Contains(o.Name)))
        {
            w.WriteStartObject();
            WriteFlags(w, call, schema);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    });

    public ApiAnswer Basic(ApiCall call, SObject schema) => ApiAnswer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteStartObject("objectDescribe");
        WriteFlags(w, call, schema);
        w.WriteEndObject();
        w.WriteStartArray("recentItems");
        w.WriteEndArray();
        w.WriteEndObject();
    });

    public ApiAnswer Object(ApiCall call, SObject schema) => ApiAnswer.Json(200, w =>
    {
        w.WriteStartObject();
        WriteFlags(w, call, schema);
        foreach (var list in (string[])["actionOverrides", "namedLayoutInfos"])
        {
            w.WriteStartArray(list);
            w.WriteEndArray();
        }
        w.WriteNull("defaultImplementation");
        w.WriteNull("extendedBy");
        w.WriteNull("extendsInterfaces");
        w.WriteNull("implementedBy");
        w.WriteNull("implementsInterfaces");
        w.WriteNull("listviewable");
        w.WriteNull("lookupLayoutable");
        w.WriteNull("networkScopeFieldName");
        w.WriteBoolean("compactLayoutable", true);
        w.WriteBoolean("searchLayoutable", true);
        w.WriteString("sobjectDescribeOption", "FULL");
        w.WriteStartArray("childRelationships");
        foreach (var child in schema.Children)
            WriteChild(w, child);
        w.WriteEndArray();
        w.WriteStartArray("fields");
        foreach (var field in schema.Fields.Where(f => !org.Settings.Hidden.Contains($"{schema.Name}.{f.Name}")))
            WriteField(w, field);
        w.WriteEndArray();
        w.WriteStartArray("recordTypeInfos");
        WriteMasterRecordType(w, call, schema);
        w.WriteEndArray();
        w.WriteStartArray("supportedScopes");
        foreach (var (name, label) in Scopes.Of(schema))
        {
            w.WriteStartObject();
            w.WriteString("label", label);
            w.WriteString("name", name);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    });

    private static void WriteFlags(Utf8JsonWriter w, ApiCall call, SObject schema)
    {
        var plain = schema is { Createable: true, Updateable: true } && schema.Owner is not null;
        w.WriteBoolean("activateable", false);
        w.WriteNull("associateEntityType");
        w.WriteNull("associateParentEntity");
        w.WriteBoolean("createable", schema.Createable);
        w.WriteBoolean("custom", schema.IsCustom);
        w.WriteBoolean("customSetting", false);
        w.WriteBoolean("deepCloneable", false);
        w.WriteBoolean("deletable", schema.Deletable);
        w.WriteBoolean("deprecatedAndHidden", false);
        w.WriteBoolean("feedEnabled", plain);
        w.WriteBoolean("hasSubtypes", false);
        w.WriteBoolean("isInterface", false);
        w.WriteBoolean("isSubtype", false);
        w.WriteString("keyPrefix", schema.ShowsPrefix ? schema.KeyPrefix : null);
        w.WriteString("label", schema.Label);
        w.WriteString("labelPlural", schema.LabelPlural);
        w.WriteBoolean("layoutable", plain);
        w.WriteBoolean("mergeable", schema.Name is "Account" or "Contact" or "Case");
        w.WriteBoolean("mruEnabled", plain);
        w.WriteString("name", schema.Name);
        w.WriteBoolean("queryable", true);
        w.WriteBoolean("replicateable", schema.Find("SystemModstamp") is not null);
        w.WriteBoolean("retrieveable", true);
        w.WriteBoolean("searchable", plain);
        w.WriteBoolean("triggerable", schema.Createable);
        w.WriteBoolean("undeletable", schema.Deletable && !schema.BypassesRecycleBin);
        w.WriteBoolean("updateable", schema.Updateable);
        w.WriteStartObject("urls");
        var path = call.DataPath($"sobjects/{schema.Name}");
        w.WriteString("rowTemplate", $"{path}/{{ID}}");
        w.WriteString("describe", $"{path}/describe");
        w.WriteString("sobject", path);
        w.WriteEndObject();
    }

    private static void WriteChild(Utf8JsonWriter w, ChildRelationship child)
    {
        w.WriteStartObject();
        w.WriteBoolean("cascadeDelete", child.Field.CascadeDelete);
        w.WriteString("childSObject", child.Child.Name);
        w.WriteBoolean("deprecatedAndHidden", false);
        w.WriteString("field", child.Field.Name);
        w.WriteStartArray("junctionIdListNames");
        w.WriteEndArray();
        w.WriteStartArray("junctionReferenceTo");
        w.WriteEndArray();
        w.WriteString("relationshipName", child.Name);
        w.WriteBoolean("restrictedDelete", child.Field.RestrictedDelete);
        w.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter w, Field f)
    {
        var isText = f.Type.IsText();
        var length = isText ? f.Length : f.Type.IsId() ? 18 : 0;
        w.WriteStartObject();
        w.WriteBoolean("aggregatable", f is { Filterable: true, Sortable: true } && f.Type != ApiType.Boolean);
        w.WriteBoolean("aiPredictionField", false);
        w.WriteBoolean("autoNumber", f.AutoNumber is not null);
        w.WriteNumber("byteLength", isText ? length * 3 : length);
        w.WriteBoolean("calculated", f.Formula is not null);
        w.WriteString("calculatedFormula", f.Formula);
        w.WriteBoolean("cascadeDelete", f.CascadeDelete);
        w.WriteBoolean("caseSensitive", f.CaseSensitive);
        w.WriteString("compoundFieldName", f.Compound);
        w.WriteNull("controllerName");
        w.WriteBoolean("createable", f.Createable);
        w.WriteBoolean("custom", f.IsCustom);
        w.WritePropertyName("defaultValue");
        RecordJson.WriteValue(w, f.Type, f.Type == ApiType.Boolean ? f.Default ?? false : f.Default);
        w.WriteNull("defaultValueFormula");
        w.WriteBoolean("defaultedOnCreate", f.DefaultedOnCreate);
        w.WriteBoolean("dependentPicklist", false);
        w.WriteBoolean("deprecatedAndHidden", false);
        w.WriteNumber("digits", f.Type == ApiType.Int ? f.Length : 0);
        w.WriteBoolean("displayLocationInDecimal", false);
        w.WriteBoolean("encrypted", false);
        w.WriteBoolean("externalId", f.ExternalId);
        w.WriteNull("extraTypeInfo");
        w.WriteBoolean("filterable", f.Filterable);
        w.WriteNull("filteredLookupInfo");
        w.WriteBoolean("formulaTreatNullNumberAsZero", false);
        w.WriteBoolean("groupable", f.Groupable);
        w.WriteBoolean("highScaleNumber", false);
        w.WriteBoolean("htmlFormatted", false);
        w.WriteBoolean("idLookup", f.IdLookup);
        w.WriteNull("inlineHelpText");
        w.WriteString("label", f.Label);
        w.WriteNumber("length", length);
        w.WriteNull("mask");
        w.WriteNull("maskType");
        w.WriteString("name", f.Name);
        w.WriteBoolean("nameField", f.IsName);
        w.WriteBoolean("namePointing", f is { Polymorphic: true, Name: "OwnerId" or "WhoId" or "WhatId" });
        w.WriteBoolean("nillable", f.Nillable);
        w.WriteBoolean("permissionable", f is { Createable: true, Nillable: true });
        w.WriteStartArray("picklistValues");
        foreach (var value in f.Picklist)
            WritePicklistValue(w, value, Equals(f.Default, value));
        w.WriteEndArray();
        w.WriteBoolean("polymorphicForeignKey", f.Polymorphic);
        w.WriteNumber("precision", f.Precision);
        w.WriteBoolean("queryByDistance", false);
        w.WriteNull("referenceTargetField");
        w.WriteStartArray("referenceTo");
        foreach (var target in f.ReferenceTo)
            w.WriteStringValue(target);
        w.WriteEndArray();
        w.WriteString("relationshipName", f.RelationshipName);
        if (f.MasterDetail)
            w.WriteNumber("relationshipOrder", 0);
        else
            w.WriteNull("relationshipOrder");
        w.WriteBoolean("restrictedDelete", f.RestrictedDelete);
        w.WriteBoolean("restrictedPicklist", f.RestrictedPicklist);
        w.WriteNumber("scale", f.Scale);
        w.WriteBoolean("searchPrefilterable", f.Type == ApiType.Reference);
        w.WriteString("soapType", f.Type.SoapName());
        w.WriteBoolean("sortable", f.Sortable && f.Type is not (ApiType.Address or ApiType.MultiPicklist));
        w.WriteString("type", f.Type.DescribeName());
        w.WriteBoolean("unique", f.Unique);
        w.WriteBoolean("updateable", f.Updateable);
        w.WriteBoolean("writeRequiresMasterRead", false);
        w.WriteEndObject();
    }

    private static void WritePicklistValue(Utf8JsonWriter w, string value, bool isDefault)
    {
        w.WriteStartObject();
        w.WriteBoolean("active", true);
        w.WriteBoolean("defaultValue", isDefault);
        w.WriteString("label", value);
        w.WriteNull("validFor");
        w.WriteString("value", value);
        w.WriteEndObject();
    }

    private static void WriteMasterRecordType(Utf8JsonWriter w, ApiCall call, SObject schema)
    {
        w.WriteStartObject();
        w.WriteBoolean("active", true);
        w.WriteBoolean("available", true);
        w.WriteBoolean("defaultRecordTypeMapping", true);
        w.WriteString("developerName", "Master");
        w.WriteBoolean("master", true);
        w.WriteString("name", "Master");
        w.WriteString("recordTypeId", "012000000000000AAA");
        w.WriteStartObject("urls");
        w.WriteString("layout", call.DataPath($"sobjects/{schema.Name}/describe/layouts/012000000000000AAA"));
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
