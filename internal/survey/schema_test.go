package survey_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"folkmoot/internal/survey"
	"folkmoot/surveys"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// schema compiles the published schema, with formats asserted.
var schema = sync.OnceValue(func() *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(surveys.Schema))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("survey.json", doc); err != nil {
		panic(err)
	}
	return c.MustCompile("survey.json")
})

// schemaError validates YAML as an editor with the schema does: as JSON, in which a date is a string.
func schemaError(src []byte) error {
	var root yaml.Node
	if err := yaml.Unmarshal(src, &root); err != nil {
		return err
	}
	return schema().Validate(asJSON(root.Content[0]))
}

func asJSON(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = asJSON(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, asJSON(c))
		}
		return list
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		b, _ := strconv.ParseBool(n.Value)
		return b
	case "!!int", "!!float":
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && json.Valid([]byte(n.Value)) {
			return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
		}
	}
	return n.Value
}

func TestStandardSurveysFollowTheSchema(t *testing.T) {
	for _, name := range surveys.Standard() {
		src, _ := surveys.StandardSource(name)
		if err := schemaError(src); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := schemaError([]byte(base)); err != nil {
		t.Errorf("base: %v", err)
	}
}

func TestSchemaAndParseAgree(t *testing.T) {
	for _, row := range badDefinitions {
		src := edited(t, row.old, row.new)
		if row.key == "yaml" || row.key == "documents" {
			continue // not one YAML document: nothing to validate
		}
		if err := schemaError([]byte(src)); (err != nil) != row.structural {
			t.Errorf("%s (%q): the schema says %v", row.why, row.new, err)
		}
	}
}

func TestSchemaNamesWhatTheBankHas(t *testing.T) {
	var doc struct {
		Properties struct {
			Equality struct {
				Items struct{ Enum []string }
			}
		}
		Defs struct {
			Question struct {
				Properties struct {
					Kind  struct{ Enum []string }
					Scale struct{ Enum []string }
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(surveys.Schema, &doc); err != nil {
		t.Fatal(err)
	}
	bank := surveys.Bank()
	if diff := cmp.Diff(bank.IDs(), doc.Properties.Equality.Items.Enum); diff != "" {
		t.Errorf("equality entries (-bank +schema):\n%s", diff)
	}
	if diff := cmp.Diff(bank.LabelSets(), doc.Defs.Question.Properties.Scale.Enum); diff != "" {
		t.Errorf("label sets (-bank +schema):\n%s", diff)
	}
	if diff := cmp.Diff(fmt.Sprint(survey.Kinds()), fmt.Sprint(doc.Defs.Question.Properties.Kind.Enum)); diff != "" {
		t.Errorf("kinds:\n%s", diff)
	}
}
