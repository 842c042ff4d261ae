/* Each import registers its action. One line per action, in alphabetical order. */
import "./marketo/marketo"
import "./marketo/marketo_person"
import "./queueaction/queue_action_for_testing"
